-- Names the language of the files that have no extension, starts the server, defines |:Promolint|.
if vim.g.loaded_promolint or vim.fn.has('nvim-0.10') == 0 then
  return
end
vim.g.loaded_promolint = true

vim.filetype.add({
  filename = { OWNERS_ALIASES = 'yaml' },
  pattern = {
    -- Not every project writes its OWNERS in YAML. A pattern, since a file name would win over one of the user's.
    ['.*/OWNERS'] = function(path)
      return require('promolint.tree').is_owners(path) and 'yaml' or nil
    end,
  },
})

local promolint = require('promolint')
if promolint.options().enable then
  promolint.enable()
end

vim.api.nvim_create_user_command('Promolint', function(command)
  require('promolint.commands').command(command.fargs)
end, {
  nargs = '+',
  desc = 'Explain a rule, check the tree, let the server read it again, restart the server',
  complete = function(_, line)
    return require('promolint.commands').complete(line)
  end,
})
