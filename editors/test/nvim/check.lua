-- The configuration of a user who has the plugin, and after the start: what they see.
local trees, results = vim.env.TREES, assert(io.open(vim.env.RESULTS, 'w'))
vim.opt.runtimepath:prepend(vim.env.PLUGIN)
vim.g.promolint = { cmd = { vim.env.PROMOLINT, 'lsp' } }
vim.cmd('filetype plugin on')

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
  want(vim.wait(15000, seen, 20), ('findings %q, got %q'):format(expected, findings(buffer)))
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
    local answers = vim.lsp.buf_request_sync(buffer, 'textDocument/hover', position, 5000)
    local _, answer = next(answers or {})
    local text = answer and answer.result and vim.inspect(answer.result.contents) or ''
    want(text:find('22 destinations', 1, true), 'a hover with the destinations, got ' .. vim.inspect(answers))
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
    want(vim.wait(5000, done, 20), 'the digest in quotes, got ' .. line())
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
  check('ordinary YAML has no server', function()
    local other = open('good/deploy/values.yaml')
    vim.wait(500)
    want(#vim.lsp.get_clients({ bufnr = other }) == 0, 'no client')
    want(findings(other) == '', 'no findings')
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
    local items = vim.fn.getqflist()
    want(#items == 7, 'seven findings, got ' .. #items)
    want(items[1].lnum == 5 and items[1].type == 'E', 'the first one, got ' .. vim.inspect(items[1]))
    vim.cmd.cclose()
  end)
  check(':Promolint restart', function()
    vim.cmd('buffer ' .. buffer)
    local before = vim.lsp.get_clients({ bufnr = buffer })[1].id
    vim.cmd('Promolint restart')
    local another = function()
      local after = vim.lsp.get_clients({ bufnr = buffer })[1]
      return after and after.id ~= before
    end
    want(vim.wait(5000, another, 20), 'a new client')
    want_findings(buffer, '16 tag-syntax, 6 digest-syntax')
  end)
  check(':checkhealth promolint', function()
    vim.cmd('checkhealth promolint')
    local text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, true), '\n')
    want(not text:find('ERROR') and not text:find('WARNING') and text:find('OK promolint 0'), 'no error, got ' .. text)
    want(text:find('a server runs'), 'a running server, got ' .. text)
    vim.cmd.bwipeout()
  end)
  check(':help promolint', function()
    vim.cmd('helptags ' .. vim.env.PLUGIN .. '/doc')
    vim.cmd('help :Promolint')
    want(vim.bo.buftype == 'help', 'a help page')
  end)
  check('the server ends with the editor', function()
    local stopped = function()
      return #vim.lsp.get_clients() == 0
    end
    vim.lsp.stop_client(vim.lsp.get_clients())
    want(vim.wait(3000, stopped, 20), 'no client after stop')
  end)
end

vim.api.nvim_create_autocmd('VimEnter', {
  callback = vim.schedule_wrap(function()
    local ok, problem = xpcall(run, debug.traceback)
    say(ok and 'done' or 'fail runs to its end: ' .. problem:gsub('\n', ' | '))
    vim.cmd('qall!')
  end),
})
