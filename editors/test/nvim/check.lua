-- The configuration of a user who has the plugin, and after the start: what they see.
local trees, results = vim.env.TREES, assert(io.open(vim.env.RESULTS, 'w'))
vim.opt.runtimepath:prepend(vim.env.HOME .. '/plugin')
vim.g.promolint = { cmd = { vim.env.PROMOLINT, 'lsp' } }
vim.cmd('filetype plugin on')
dofile(vim.env.HOME .. '/shown.lua')

local function say(line)
  results:write(line, '\n')
  results:flush()
end

--- Runs a check; it fails with what it raises.
local function check(name, run)
  local ok, problem = xpcall(run, function(problem)
    return vim.startswith(tostring(problem), 'want: ') and problem or debug.traceback(problem)
  end)
  say(ok and 'ok ' .. name or ('fail %s: %s'):format(name, tostring(problem):gsub('\n', ' | ')))
end

local function want(condition, what)
  if not condition then
    error('want: ' .. what, 0)
  end
end

local function open(path)
  vim.cmd.edit(trees .. '/' .. path)
  return vim.api.nvim_get_current_buf()
end

--- `line rule` of all findings in a buffer, in order.
local function findings(buffer)
  local list = vim.tbl_map(function(diagnostic)
    return ('%d %s'):format(diagnostic.lnum + 1, diagnostic.code)
  end, vim.diagnostic.get(buffer))
  table.sort(list)
  return table.concat(list, ', ')
end

local function want_findings(buffer, expected)
  local seen = function()
    return findings(buffer) == expected
  end
  if not vim.wait(15000, seen, 20) then
    want(false, ('findings %q, got %q'):format(expected, findings(buffer)))
  end
end

--- Machines are busy: whatever takes a moment may take long.
local function eventually(condition, what)
  want(vim.wait(15000, condition, 20), what)
end

local function clients(buffer)
  return vim.lsp.get_clients({ bufnr = buffer, name = 'promolint' })
end

--- A file, with the directories above it.
local function write(path, text)
  path = trees .. '/' .. path
  vim.fn.mkdir(vim.fs.dirname(path), 'p')
  vim.fn.writefile(vim.split(text or '', '\n'), path)
end

--- Configures the server as users do: by `vim.lsp.config` where there is one.
local function configure(options)
  if vim.lsp.config then
    vim.lsp.config('promolint', { cmd = options.cmd, settings = { promolint = options.settings } })
  else
    vim.g.promolint = vim.tbl_extend('force', vim.g.promolint, options)
  end
end

--- What is notified while `run` runs, and until there is something.
local function notified(run)
  local notify, messages = vim.notify, {}
  vim.notify = function(message)
    table.insert(messages, message)
  end
  local ok, problem = pcall(run)
  vim.wait(15000, function()
    return not ok or #messages > 0
  end, 20)
  vim.notify = notify
  want(ok, problem)
  return table.concat(messages, ' ')
end

local function put(buffer, line, text)
  vim.api.nvim_buf_set_lines(buffer, line - 1, line, true, { text })
end

local images = 'sample/registry.k8s.io/images/k8s-staging-widget/images.yaml'

local function run()
  local buffer = open(images)
  check('a manifest has its findings', function()
    want_findings(buffer, '10 digest-not-visible, 16 tag-syntax, 6 digest-syntax')
  end)
  check('the root is the repository', function()
    local client = vim.lsp.get_clients({ bufnr = buffer })[1]
    want(client.config.root_dir == trees .. '/sample', 'root, got ' .. tostring(client.config.root_dir))
  end)
  check('a digest has a hover', function()
    local position = { textDocument = vim.lsp.util.make_text_document_params(buffer), position = { line = 4, character = 20 } }
    local answers = vim.lsp.buf_request_sync(buffer, 'textDocument/hover', position, 15000)
    local _, answer = next(answers or {})
    local text = answer and answer.result and vim.inspect(answer.result.contents) or ''
    want(text:find('22 destinations', 1, true), 'a hover with the destinations, got ' .. vim.inspect(answers))
  end)
  check('inlay hints are shown where the page says how', function()
    want(vim.lsp.inlay_hint.is_enabled({ bufnr = buffer }), 'inlay hints')
  end)
  check('a quick fix is applied', function()
    vim.api.nvim_win_set_cursor(0, { 10, 8 })
    vim.lsp.buf.code_action({
      apply = true,
      filter = function(action)
        return action.kind == 'quickfix' and action.isPreferred == true
      end,
    })
    local expected = '    "sha256:e31954ea95dd11eb81d1fd538c88190d3c0fe475410f9a3bb02a46d7306fc30b": ["v1.0.1"]'
    local line = function()
      return vim.api.nvim_buf_get_lines(buffer, 9, 10, true)[1]
    end
    local done = function()
      return line() == expected
    end
    eventually(done, 'the digest in quotes')
    want_findings(buffer, '16 tag-syntax, 6 digest-syntax')
  end)
  check('an OWNERS file is YAML and has its finding', function()
    local owners = open('sample/registry.k8s.io/images/k8s-staging-widget/OWNERS')
    want(vim.bo[owners].filetype == 'yaml', 'filetype yaml, got ' .. vim.bo[owners].filetype)
    want_findings(owners, '6 owners-unknown-key')
  end)
  check('findings follow edits in another file', function()
    local owners = open('good/registry.k8s.io/images/k8s-staging-widget/OWNERS')
    local aliases = open('good/OWNERS_ALIASES')
    local line = vim.api.nvim_buf_get_lines(aliases, 4, 5, true)[1]
    want(line == '  widget-maintainers:', 'the alias on line 5, got ' .. line)
    want_findings(owners, '')
    put(aliases, 5, '  gadget-maintainers:')
    want_findings(owners, '5 owners-unknown-alias')
    put(aliases, 5, line)
    want_findings(owners, '')
  end)
  check('an OWNERS file of the repository is YAML, none with another name', function()
    write('good/groups/OWNERS', '# the owners\napprovers:\n- ann\n')
    write('good/groups/CODEOWNERS', '# the owners\n* @ann\n')
    local owners = open('good/groups/OWNERS')
    want(vim.bo[owners].filetype == 'yaml', 'filetype yaml, got ' .. vim.bo[owners].filetype)
    eventually(function()
      return #clients(owners) == 1
    end, 'a client')
    local others = open('good/groups/CODEOWNERS')
    want(vim.bo[others].filetype ~= 'yaml', 'not YAML')
  end)
  check('ordinary YAML has no server', function()
    write('images/x.yaml', 'a: 1\n')
    write('other/OWNERS', '# the owners\nann\n')
    write('other/deploy/manifests/app/deployment.yaml', 'kind: Deployment\n')
    for _, path in ipairs({ 'good/deploy/values.yaml', 'images/x.yaml', 'other/OWNERS', 'other/deploy/manifests/app/deployment.yaml' }) do
      local other = open(path)
      vim.wait(500)
      want(#clients(other) == 0, 'no client for ' .. path)
      want(findings(other) == '', 'no findings in ' .. path)
    end
    local root = require('promolint').root
    want(not root(vim.fn.bufadd('scp://host/images/widget/images.yaml')), 'nothing for a remote file')
  end)
  check('a manifest tells by its place that a tree begins, and a repository by its tree', function()
    local root = require('promolint').root
    local path = trees .. '/new/images/widget/images.yaml'
    want(root(vim.fn.bufadd(path)) == vim.fs.dirname(path), 'a root for a file that is not there yet')
    write('deep/.git/HEAD')
    write('deep/OWNERS_ALIASES')
    write('deep/a/b/images/x/images.yaml')
    write('deep/a/b/manifests/x/promoter-manifest.yaml')
    write('deep/a/OWNERS_ALIASES')
    for _, name in ipairs({ 'a/b/images/x/images.yaml', 'a/OWNERS', 'groups/groups.yaml' }) do
      local found = root(vim.fn.bufadd(trees .. '/deep/' .. name))
      want(found == trees .. '/deep', ('the repository as the root of %s, got %s'):format(name, found))
    end
  end)
  check(':Promolint explain', function()
    vim.cmd('buffer ' .. buffer)
    vim.api.nvim_win_set_cursor(0, { 6, 8 })
    vim.cmd('Promolint explain')
    local page = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, true), '\n')
    want(page:find('digest-syntax', 1, true), 'the page of the rule at the cursor, got ' .. page)
    vim.cmd.bwipeout()
  end)
  check(':Promolint check', function()
    vim.cmd('buffer ' .. buffer)
    vim.cmd('Promolint check')
    eventually(function()
      return #vim.fn.getqflist() == 7
    end, 'seven findings')
    local first = vim.fn.getqflist()[1]
    want(first.lnum == 5 and first.type == 'E', 'the first one, got ' .. vim.inspect(first))
    want(vim.api.nvim_get_current_buf() == buffer, 'the cursor where it was')
    vim.cmd.cclose()
  end)
  check(':Promolint check heeds the settings, and says where there is no tree', function()
    configure({ settings = { ignore = { 'digest-syntax' } } })
    vim.cmd('Promolint check')
    eventually(function()
      return #vim.fn.getqflist() == 6
    end, 'a finding less')
    configure({ settings = { ignore = {} } })
    vim.cmd.cclose()
    open('other/deploy/manifests/app/deployment.yaml')
    local said = notified(function()
      vim.cmd('Promolint check')
    end)
    want(said:find('no promotion tree'), 'a message, got ' .. said)
  end)
  check(':Promolint reload', function()
    vim.cmd('buffer ' .. buffer)
    local path = 'sample/registry.k8s.io/images/k8s-staging-gadget/OWNERS'
    local owners = open(path)
    want_findings(owners, '')
    vim.cmd('Promolint reload')
    want_findings(owners, '')
    want_findings(buffer, '16 tag-syntax, 6 digest-syntax')
  end)
  check(':Promolint restart', function()
    vim.cmd('buffer ' .. buffer)
    local before = vim.lsp.get_clients({ bufnr = buffer })[1].id
    vim.cmd('Promolint restart')
    local another = function()
      local after = vim.lsp.get_clients({ bufnr = buffer })[1]
      return after and after.id ~= before
    end
    eventually(another, 'a new client')
    want_findings(buffer, '16 tag-syntax, 6 digest-syntax')
  end)
  check(':Promolint restart after the server was killed', function()
    local dead = vim.fn.systemlist({ 'pidof', 'promolint' })[1]
    for pid in dead:gmatch('%d+') do
      -- Other editors may run the same program beside this one.
      local ours = io.open('/proc/' .. pid .. '/stat'):read('a'):match('%) %S (%d+)') == tostring(vim.uv.os_getpid())
      if ours then
        vim.uv.kill(tonumber(pid), 'sigkill')
      end
    end
    eventually(function()
      return #clients() == 0
    end, 'no client after the kill')
    vim.cmd('Promolint restart')
    want_findings(buffer, '16 tag-syntax, 6 digest-syntax')
  end)
  check(':checkhealth promolint', function()
    vim.cmd('checkhealth promolint')
    local text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, true), '\n')
    want(not text:find('ERROR') and not text:find('WARNING') and text:find('OK promolint 0'), 'no error, got ' .. text)
    want(text:find('a server runs'), 'a running server, got ' .. text)
    vim.cmd.bwipeout()
  end)
  check('another program is found where it is named, or missed aloud', function()
    configure({ cmd = { '/no/such/promolint', 'lsp' } })
    local said = notified(function()
      vim.cmd('buffer ' .. buffer)
      vim.bo.filetype = 'yaml'
    end)
    want(said:find('/no/such/promolint', 1, true), 'a message, got ' .. said)
    said = notified(function()
      vim.cmd('Promolint explain digest-syntax')
    end)
    want(said:find('/no/such/promolint', 1, true), 'a message of explain, got ' .. said)
    -- A program from the time before the language server.
    write('old/promolint', '#!/bin/sh\n[ "$1" = --version ] && echo promolint 0.0.1 && exit\nexit 2')
    vim.fn.setfperm(trees .. '/old/promolint', 'rwxr-xr-x')
    configure({ cmd = { trees .. '/old/promolint', 'lsp' } })
    vim.cmd('checkhealth promolint')
    local text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, true), '\n')
    want(text:find('no language server'), 'an error, got ' .. text)
    vim.cmd.bwipeout()
    configure({ cmd = { '~/promolint', 'lsp' } })
    want(require('promolint').program()[1] == vim.env.HOME .. '/promolint', 'the home directory for ~')
    configure({ cmd = { vim.env.PROMOLINT, 'lsp' } })
  end)
  check(':help promolint', function()
    vim.cmd('helptags ' .. vim.env.HOME .. '/plugin/doc')
    vim.cmd('help :Promolint')
    want(vim.bo.buftype == 'help', 'a help page')
  end)
  check('the server ends when it is told to', function()
    -- One that is starting is told as well.
    local running = vim.lsp.get_clients({ _uninitialized = true })
    want(#running > 0, 'a client')
    for _, client in ipairs(running) do
      require('promolint').call(client, 'stop')
    end
    eventually(function()
      return #vim.lsp.get_clients({ _uninitialized = true }) == 0
    end, 'no client after stop')
  end)
  check('nothing deprecated is called', function()
    local messages = vim.api.nvim_exec2('messages', { output = true }).output
    want(not messages:find('deprecated'), 'no warning, got ' .. messages)
  end)
end

vim.api.nvim_create_autocmd('VimEnter', {
  callback = vim.schedule_wrap(function()
    local ok, problem = xpcall(run, debug.traceback)
    say(ok and 'done' or 'fail runs to its end: ' .. problem:gsub('\n', ' | '))
    vim.cmd('qall!')
  end),
})
