--- The server's configuration, its start and its end.
local tree = require('promolint.tree')

local M = {}

--- Filetypes that files of a promotion tree can have.
M.filetypes = { 'yaml', 'toml', 'terraform', 'hcl' }

--- `g:promolint` over the defaults.
--- @return { enable: boolean, cmd: string[], settings: table }
function M.options()
  return vim.tbl_extend('force', { enable = true, cmd = { 'promolint', 'lsp' }, settings = vim.empty_dict() }, vim.g.promolint or {})
end

--- Nothing but a shell expands `~`.
local function expanded(cmd)
  return vim.list_extend({ (cmd[1]:gsub('^~%f[/\\]', vim.uv.os_homedir())) }, cmd, 2)
end

--- The root for a buffer; nil for one that is none of promolint's.
--- @param buffer integer
--- @return string?
function M.root(buffer)
  local path = vim.api.nvim_buf_get_name(buffer)
  if vim.bo[buffer].buftype == '' and tree.is_served(path) then
    return tree.root(path)
  end
end

--- What `vim.lsp.config` takes.
function M.config()
  local options = M.options()
  return {
    cmd = expanded(options.cmd),
    filetypes = M.filetypes,
    root_dir = function(buffer, on_root)
      local root = M.root(buffer)
      if root then
        on_root(root)
      end
    end,
    settings = { promolint = options.settings },
    init_options = options.settings,
    -- Neovim asks for the findings of a buffer only when that one changes; told by the server, they also
    -- follow edits in other files. So neither side may hear that the other can do it by questions.
    before_init = function(params)
      params.capabilities.textDocument.diagnostic = nil
    end,
    on_init = function(client)
      client.server_capabilities.diagnosticProvider = nil
    end,
  }
end

--- The configuration in force, with what the user made of it.
function M.configuration()
  return vim.lsp.config and vim.lsp.config.promolint or M.config()
end

--- The program, with what stands before `lsp` in the server's command; that of `g:promolint` where the command is a function.
--- @return string[]
function M.program()
  local cmd = M.configuration().cmd
  if type(cmd) ~= 'table' then
    cmd = M.options().cmd
  end
  local words = {}
  for _, word in ipairs(expanded(cmd)) do
    if word == 'lsp' then
      break
    end
    table.insert(words, word)
  end
  return words
end

--- Whether the server's command can be run.
function M.is_installed()
  local cmd = M.configuration().cmd
  return type(cmd) ~= 'table' or vim.fn.executable(cmd[1]) == 1
end

--- Starts the server for a buffer if it is one of a promotion tree.
function M.start(buffer)
  local config = M.configuration()
  if not vim.tbl_contains(config.filetypes, vim.bo[buffer].filetype) then
    return
  end
  local function start(root)
    vim.lsp.start(vim.tbl_extend('force', config, { name = 'promolint', root_dir = root }), { bufnr = buffer })
  end
  if type(config.root_dir) == 'function' then
    config.root_dir(buffer, start)
  else
    start(config.root_dir)
  end
end

--- Starts the server for all loaded buffers of promotion trees.
function M.start_all()
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(buffer) then
      M.start(buffer)
    end
  end
end

--- Starts the server for buffers of a promotion tree, now and later.
function M.enable()
  vim.api.nvim_create_autocmd('FileType', {
    group = vim.api.nvim_create_augroup('promolint', {}),
    pattern = M.filetypes,
    callback = function(event)
      if not M.is_installed() then
        -- Of a command that it cannot run, Neovim itself writes to its log at most.
        if M.root(event.buf) then
          local program = M.program()[1]
          vim.notify_once(('promolint: %s is no executable file; see :checkhealth promolint'):format(program), vim.log.levels.WARN)
        end
      elseif not vim.lsp.enable then
        M.start(event.buf)
      end
    end,
  })
  if vim.lsp.enable then
    vim.lsp.enable('promolint')
  elseif M.is_installed() then
    -- Loaded late, it finds buffers that are open already.
    M.start_all()
  end
end

--- Calls a method of a client, which was a function without `self` before 0.11.
function M.call(client, method, ...)
  if vim.fn.has('nvim-0.11') == 1 then
    return client[method](client, ...)
  end
  return client[method](...)
end

--- Stops the server, if it runs, and starts it for all buffers of promotion trees once it is gone.
function M.restart()
  local function clients()
    -- One that is starting stops as well.
    return vim.lsp.get_clients({ name = 'promolint', _uninitialized = true })
  end
  local function stop(force)
    for _, client in ipairs(clients()) do
      M.call(client, 'stop', force)
    end
  end
  local began = vim.uv.now()
  -- Not by vim.wait: an error of any other callback would end that, and with it the restart.
  local function start_when_gone()
    local waited = vim.uv.now() - began
    if #clients() == 0 or waited > 5000 then
      return M.start_all()
    end
    if waited > 3000 then
      stop(true)
    end
    vim.defer_fn(start_when_gone, 20)
  end
  stop(false)
  start_when_gone()
end

return M
