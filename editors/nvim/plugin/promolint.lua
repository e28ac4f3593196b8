-- Names the language of the files that have no extension, starts the server, defines |:Promolint|.
if vim.g.loaded_promolint or vim.fn.has('nvim-0.10') == 0 then
  return
end
vim.g.loaded_promolint = true

local promolint = require('promolint')

vim.filetype.add({
  filename = { OWNERS_ALIASES = 'yaml' },
  -- An OWNERS file elsewhere may be of another kind: not every project writes them in YAML.
  pattern = {
    ['.*/images/[^/]+/OWNERS'] = 'yaml',
    ['.*/artifacts/.*OWNERS'] = 'yaml',
    ['.*/registry%.k8s%.io/.*OWNERS'] = 'yaml',
    ['.*/k8s%.gcr%.io/.*OWNERS'] = 'yaml',
  },
})

if promolint.options().enable then
  promolint.enable()
end

vim.api.nvim_create_user_command('Promolint', function(command)
  promolint.command(command.fargs)
end, {
  nargs = '+',
  desc = 'Explain a rule, check the tree, restart the server',
  complete = function(_, line)
    return promolint.complete(line)
  end,
})
