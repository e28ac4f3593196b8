--- The server's configuration and the |:Promolint| command.
local M = {}

--- Which buffers are sent to the server; it knows exactly and passes over the rest.
local patterns = {
  '/images/.+%.ya?ml$',
  '/manifests/.+%.ya?ml$',
  '/filestores/.+%.ya?ml$',
  '/images%.ya?ml$',
  '/manifest%.ya?ml$',
  '/promoter%-manifest%.ya?ml$',
  '/filepromoter%-manifest%.ya?ml$',
  '/image_tags%.ya?ml$',
  '/OWNERS$',
  '/OWNERS_ALIASES$',
  '/groups/.*groups%.yaml$',
  '/infra/.*infra%.yaml$',
  '/registries%.tf$',
  '/promolint%.toml$',
}

--- Filetypes that such files can have.
M.filetypes = { 'yaml', 'toml', 'terraform', 'hcl' }

local markers = { '.git', 'promolint.toml', 'OWNERS_ALIASES' }

--- `g:promolint` over the defaults.
--- @return { enable: boolean, cmd: string[], settings: table }
function M.options()
  return vim.tbl_extend('force', { enable = true, cmd = { 'promolint', 'lsp' }, settings = vim.empty_dict() }, vim.g.promolint or {})
end

--- Whether the file of this path may be one of a promotion tree.
function M.is_served(path)
  return vim.iter(patterns):any(function(pattern)
    return path:find(pattern) ~= nil
  end)
end

--- The repository of a buffer, else its promotion tree, else its directory; nil for a buffer that is none of promolint's.
--- @param buffer integer
--- @return string?
function M.root(buffer)
  local path = vim.fs.normalize(vim.api.nvim_buf_get_name(buffer))
  if vim.bo[buffer].buftype ~= '' or not M.is_served(path) then
    return nil
  end
  return vim.fs.root(buffer, markers) or path:match('^(.*)/images/') or path:match('^(.*)/manifests/') or vim.fs.dirname(path)
end

--- What `vim.lsp.config` takes.
function M.config()
  local options = M.options()
  return {
    cmd = options.cmd,
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

--- Starts the server for buffers of a promotion tree, now and later.
function M.enable()
  if vim.lsp.enable then
    vim.lsp.enable('promolint')
    return
  end
  vim.api.nvim_create_autocmd('FileType', {
    group = vim.api.nvim_create_augroup('promolint', {}),
    pattern = M.filetypes,
    callback = function(event)
      M.start(event.buf)
    end,
  })
end

--- Starts the server for a buffer, with what the user made of the configuration.
function M.start(buffer)
  local root = M.root(buffer)
  if root then
    local config = vim.lsp.config and vim.lsp.config.promolint or M.config()
    config = vim.tbl_extend('force', config, { name = 'promolint', root_dir = root })
    vim.lsp.start(config, { bufnr = buffer })
  end
end

local commands = {}

--- Opens the page of a rule: of the one named, else of the one whose finding is at the cursor.
function commands.explain(rule)
  rule = rule or M.rule_at_cursor()
  if not rule then
    vim.notify('promolint: no finding on this line; name a rule', vim.log.levels.WARN)
    return
  end
  local result = M.run({ 'explain', '--format', 'markdown', rule })
  if result.code ~= 0 then
    vim.notify(vim.trim(result.stderr), vim.log.levels.ERROR)
    return
  end
  vim.cmd.new()
  vim.api.nvim_buf_set_lines(0, 0, -1, false, vim.split(vim.trim(result.stdout), '\n'))
  for option, value in pairs({ buftype = 'nofile', bufhidden = 'wipe', swapfile = false, modifiable = false, filetype = 'markdown' }) do
    vim.bo[option] = value
  end
end

--- Fills the quickfix list with the findings of the whole tree, as it is on disk.
function commands.check()
  local root = M.root(vim.api.nvim_get_current_buf()) or vim.uv.cwd()
  local result = M.run({ 'check', '--quiet', '--color', 'never', '--format', 'concise' }, root)
  if result.code > 1 then
    vim.notify(vim.trim(result.stderr), vim.log.levels.ERROR)
  end
  local items = {}
  for path, line, column, severity, rule, message in result.stdout:gmatch('([^\n]-):(%d+):(%d+) (%l+) (%S+) ([^\n]*)') do
    local kind = ({ error = 'E', warning = 'W', info = 'I', hint = 'N' })[severity]
    local text = rule .. ': ' .. message
    table.insert(items, { filename = vim.fs.joinpath(root, path), lnum = tonumber(line), col = tonumber(column), type = kind, text = text })
  end
  vim.fn.setqflist({}, ' ', { title = 'promolint check', items = items })
  vim.cmd(#items > 0 and 'copen' or 'cclose')
end

--- Stops the server and starts it again for all its buffers.
function commands.restart()
  local buffers = {}
  for _, client in ipairs(vim.lsp.get_clients({ name = 'promolint' })) do
    vim.list_extend(buffers, vim.tbl_keys(client.attached_buffers))
    vim.lsp.stop_client(client.id)
  end
  vim.wait(3000, function()
    return #vim.lsp.get_clients({ name = 'promolint' }) == 0
  end, 20)
  for _, buffer in ipairs(buffers) do
    M.start(buffer)
  end
end

--- Runs a subcommand given as words.
function M.command(words)
  local command = commands[words[1]]
  if not command then
    vim.notify(('promolint: no command %s; there are check, explain, restart'):format(words[1]), vim.log.levels.ERROR)
    return
  end
  command(words[2])
end

--- Completes the words of |:Promolint|.
function M.complete(line)
  local words = vim.split(line, '%s+')
  local candidates = {}
  if #words == 2 then
    candidates = { 'check', 'explain', 'restart' }
  elseif #words == 3 and words[2] == 'explain' then
    local rules = M.run({ 'rules', '--format', 'json' })
    candidates = rules.code == 0 and vim.tbl_map(function(rule)
      return rule.name
    end, vim.json.decode(rules.stdout)) or {}
  end
  return vim.tbl_filter(function(candidate)
    return vim.startswith(candidate, words[#words])
  end, candidates)
end

--- The rule of the first finding on the line of the cursor.
function M.rule_at_cursor()
  local line = vim.api.nvim_win_get_cursor(0)[1] - 1
  local finding = vim.iter(vim.diagnostic.get(0, { lnum = line })):find(function(diagnostic)
    return diagnostic.source == 'promolint'
  end)
  return finding and finding.code
end

--- Runs the program and waits.
--- @return { code: integer, stdout: string, stderr: string }
function M.run(arguments, directory)
  local program = M.options().cmd[1]
  local ok, process = pcall(vim.system, vim.list_extend({ program }, arguments), { text = true, cwd = directory })
  if not ok then
    return { code = 127, stdout = '', stderr = ('promolint: %s cannot be run; install it or set g:promolint.cmd'):format(program) }
  end
  return process:wait(60000)
end

return M
