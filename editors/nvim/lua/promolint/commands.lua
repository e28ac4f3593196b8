--- The |:Promolint| command.
local promolint = require('promolint')
local tree = require('promolint.tree')

local M = {}

local commands = {}

local function warn(message)
  vim.notify('promolint: ' .. message, vim.log.levels.WARN)
end

--- Runs the program; with `on_exit`, without waiting for it.
--- @return { code: integer, stdout: string, stderr: string }
function M.run(arguments, directory, on_exit)
  local command = vim.list_extend(promolint.program(), arguments)
  local ok, process = pcall(vim.system, command, { text = true, cwd = directory }, on_exit and vim.schedule_wrap(on_exit))
  if not ok then
    local result = { code = 127, stdout = '', stderr = ('promolint: %s cannot be run; see :checkhealth promolint'):format(command[1]) }
    return on_exit and on_exit(result) or result
  end
  if on_exit then
    return
  end
  local result = process:wait(10000)
  if result.code == 124 then
    result.stderr = ('promolint: %s does not answer'):format(table.concat(command, ' '))
  end
  return result
end

--- Opens the page of a rule: of the one named, else of the one whose finding is at the cursor.
function commands.explain(rule)
  rule = rule or M.rule_at_cursor()
  if not rule then
    return warn('no finding on this line; name a rule')
  end
  local result = M.run({ 'explain', '--format', 'markdown', '--', rule })
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
  local name = vim.api.nvim_buf_get_name(0)
  local root = tree.around(vim.bo.buftype == '' and name ~= '' and name or vim.uv.cwd())
  if not root then
    return warn('there is no promotion tree here')
  end
  local arguments = { 'check', '--quiet', '--color', 'never', '--format', 'concise' }
  local settings = vim.tbl_get(promolint.configuration(), 'settings', 'promolint') or {}
  for _, option in ipairs({ 'select', 'ignore' }) do
    local names = settings[option] or {}
    if #names > 0 then
      vim.list_extend(arguments, { '--' .. option, table.concat(names, ',') })
    end
  end
  M.run(arguments, root, function(result)
    if result.code > 1 or (result.signal or 0) ~= 0 then
      local reason = vim.trim(result.stderr)
      vim.notify(reason ~= '' and reason or 'promolint: the check was broken off', vim.log.levels.ERROR)
    end
    M.list(root, result.stdout)
  end)
end

--- Fills the quickfix list with what `check` printed, and shows it without leaving the window.
function M.list(root, output)
  local items = {}
  for path, line, column, severity, rule, message in output:gmatch('([^\n]-):(%d+):(%d+) (%l+) (%S+) ([^\n]*)') do
    local kind = ({ error = 'E', warning = 'W', info = 'I', hint = 'N' })[severity]
    local text = rule .. ': ' .. message
    table.insert(items, { filename = vim.fs.joinpath(root, path), lnum = tonumber(line), col = tonumber(column), type = kind, text = text })
  end
  vim.fn.setqflist({}, ' ', { title = 'promolint check', items = items })
  local window = vim.api.nvim_get_current_win()
  vim.cmd(#items > 0 and 'botright copen' or 'cclose')
  if vim.api.nvim_win_is_valid(window) then
    vim.api.nvim_set_current_win(window)
  end
end

--- Lets the server read all trees again.
function commands.reload()
  local clients = vim.lsp.get_clients({ name = 'promolint' })
  if #clients == 0 then
    return warn('no server runs; see :checkhealth promolint')
  end
  for _, client in ipairs(clients) do
    promolint.call(client, 'request', 'workspace/executeCommand', { command = 'promolint.reload' })
  end
end

--- Stops the server, if it runs, and starts it for all buffers of promotion trees.
function commands.restart()
  promolint.restart()
end

local names = vim.tbl_keys(commands)
table.sort(names)

--- Runs a subcommand given as words.
function M.command(words)
  local command = commands[words[1]]
  if not command then
    vim.notify(('promolint: no command %s; there are %s'):format(words[1], table.concat(names, ', ')), vim.log.levels.ERROR)
    return
  end
  command(words[2])
end

--- Completes the words of |:Promolint|.
function M.complete(line)
  local words = vim.split(line, '%s+')
  local candidates = {}
  if #words == 2 then
    candidates = names
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

return M
