--- `:checkhealth promolint`
local M = {}

function M.check()
  local health = vim.health
  local promolint = require('promolint')
  health.start('promolint')

  if vim.fn.has('nvim-0.10') == 0 then
    health.error('Neovim is older than 0.10', { 'update Neovim' })
    return
  end
  health.ok(vim.lsp.enable and 'Neovim starts the server by vim.lsp.enable' or 'Neovim starts the server by vim.lsp.start')

  local options = promolint.options()
  if not options.enable then
    health.warn('g:promolint.enable is false: the server is not started')
  end

  local program = options.cmd[1]
  if vim.fn.executable(program) == 0 then
    local advice = { 'install promolint, or name it: vim.g.promolint = { cmd = { "/path/to/promolint", "lsp" } }' }
    health.error(program .. ' is no executable file', advice)
    return
  end
  local version = promolint.run({ '--version' })
  if version.code == 0 and vim.startswith(version.stdout, 'promolint ') then
    health.ok(('%s: %s'):format(vim.trim(version.stdout), vim.fn.exepath(program)))
  else
    health.error(('%s does not answer to --version as promolint does'):format(vim.fn.exepath(program)))
  end

  local clients = vim.lsp.get_clients({ name = 'promolint' })
  if #clients == 0 then
    health.info('no server is running: no buffer of a promotion tree is open')
  end
  for _, client in ipairs(clients) do
    local buffers = vim.tbl_count(client.attached_buffers)
    health.ok(('a server runs in %s for %d %s'):format(client.config.root_dir, buffers, buffers == 1 and 'buffer' or 'buffers'))
  end
end

return M
