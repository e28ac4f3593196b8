-- The configuration of a user who does without the plugin: that of the page.
local trees, results = vim.env.TREES, assert(io.open(vim.env.RESULTS, 'w'))
vim.cmd('filetype plugin on')
dofile(vim.env.HOME .. '/alone.lua')

vim.api.nvim_create_autocmd('VimEnter', {
  callback = vim.schedule_wrap(function()
    vim.fn.writefile({ 'ignore = ["no-such-rule"]' }, trees .. '/sample/promolint.toml')
    local directory = 'registry.k8s.io/images/k8s-staging-widget/'
    for _, path in ipairs({ directory .. 'images.yaml', directory .. 'OWNERS', 'promolint.toml' }) do
      vim.cmd.edit(trees .. '/sample/' .. path)
      local has_findings = vim.wait(15000, function()
        return #vim.diagnostic.get(0) > 0
      end, 20)
      results:write(has_findings and 'ok ' or 'fail ', 'without the plugin, ', vim.fs.basename(path), ' has findings\n')
    end
    results:write('done\n')
    results:close()
    vim.cmd('qall!')
  end),
})
