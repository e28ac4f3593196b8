--- `:checkhealth promolint`
local M = {}

local function plural(count, noun)
  return ('%d %s%s'):format(count, noun, count == 1 and '' or 's')
end

--- Says which program there is; false if it cannot serve.
local function check_program()
  local health, promolint, run = vim.health, require('promolint'), require('promolint.commands').run
  local program = promolint.program()[1]
  local path = vim.fn.exepath(program)
  if path == '' then
    local advice = { 'install promolint, or name it: vim.g.promolint = { cmd = { "/path/to/promolint", "lsp" } }' }
    health.error(program .. ' is no executable file', advice)
    return false
  end
  local version = run({ '--version' })
  if version.code ~= 0 or not vim.startswith(version.stdout, 'promolint ') then
    health.error(path .. ' does not answer to --version as promolint does', { vim.trim(version.stderr) })
    return false
  end
  if run({ 'lsp', '--help' }).code ~= 0 then
    health.error(('%s: %s has no language server'):format(vim.trim(version.stdout), path), { 'update promolint' })
    return false
  end
  health.ok(('%s: %s'):format(vim.trim(version.stdout), path))
  return true
end

function M.check()
  local health = vim.health
  local promolint = require('promolint')
  health.start('promolint')

  if vim.fn.has('nvim-0.10') == 0 then
    health.error('Neovim is older than 0.10', { 'update Neovim' })
    return
  end
  health.ok(vim.lsp.enable and 'Neovim starts the server by vim.lsp.enable' or 'Neovim starts the server by vim.lsp.start')
  if not promolint.options().enable then
    health.warn('g:promolint.enable is false: the server is not started')
  end
  if not check_program() then
    return
  end

  local clients = vim.lsp.get_clients({ name = 'promolint' })
  for _, client in ipairs(clients) do
    health.ok(('a server runs in %s for %s'):format(client.config.root_dir, plural(vim.tbl_count(client.attached_buffers), 'buffer')))
  end
  local unserved = vim.tbl_filter(function(buffer)
    local is_open = vim.api.nvim_buf_is_loaded(buffer) and promolint.root(buffer) ~= nil
    return is_open and #vim.lsp.get_clients({ name = 'promolint', bufnr = buffer }) == 0
  end, vim.api.nvim_list_bufs())
  if #unserved > 0 then
    local names = table.concat(vim.tbl_map(vim.api.nvim_buf_get_name, unserved), ', ')
    local advice = { ':Promolint restart', ('the filetype must be one of %s'):format(table.concat(promolint.filetypes, ', ')), ':checkhealth vim.lsp names the log' }
    health.warn(('no server runs for %s of a promotion tree: %s'):format(plural(#unserved, 'buffer'), names), advice)
  elseif #clients == 0 then
    health.info('no server is running: no buffer of a promotion tree is open')
  end
end

return M
