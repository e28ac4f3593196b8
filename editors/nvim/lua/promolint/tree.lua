--- Which files belong to a promotion tree, and where its root is.
---
--- A promotion tree is a directory with `manifests/` beside `images/` or `filestores/`. The server knows exactly what
--- is a file of one; this decides whether there is a reason to start it.
local M = {}

--- Files that nothing but a promotion tree has: no directory around them need say more.
local telling = {
  '/images/[^/]+/images%.yaml$',
  '/promoter%-manifest%.ya?ml$',
  '/filepromoter%-manifest%.ya?ml$',
  '/image_tags%.ya?ml$',
  '/promolint%.toml$',
}

--- Files that other projects have as well.
local possible = {
  '/images/.+%.ya?ml$',
  '/manifests/.+%.ya?ml$',
  '/filestores/.+%.ya?ml$',
  '/images%.ya?ml$',
  '/manifest%.ya?ml$',
  '/groups/.*groups%.yaml$',
  '/infra/.*infra%.yaml$',
  '/registries%.tf$',
}

--- What tells the root of a repository; the first that is found anywhere above wins.
local markers = { '.git', 'promolint.toml', 'OWNERS_ALIASES' }

--- How far below the root of a repository a promotion tree is looked for.
local depth = 2

local function matches(path, patterns)
  return vim.iter(patterns):any(function(pattern)
    return path:find(pattern) ~= nil
  end)
end

local function is_directory(path)
  local stat = vim.uv.fs_stat(path)
  return stat ~= nil and stat.type == 'directory'
end

local function is_tree(directory)
  return is_directory(directory .. '/manifests') and (is_directory(directory .. '/images') or is_directory(directory .. '/filestores'))
end

--- Whether a directory is a promotion tree or has one at most `levels` below.
local function has_tree(directory, levels)
  if is_tree(directory) then
    return true
  end
  if levels == 0 then
    return false
  end
  for name, kind in vim.fs.dir(directory) do
    if kind == 'directory' and not vim.startswith(name, '.') and has_tree(directory .. '/' .. name, levels - 1) then
      return true
    end
  end
  return false
end

--- The root of the repository of a path, if it is in one.
local function repository(path)
  -- One at a time: given a list, the releases of Neovim disagree on what comes first.
  for _, marker in ipairs(markers) do
    local root = vim.fs.root(path, marker)
    if root then
      return vim.fs.normalize(root)
    end
  end
end

--- The promotion tree that a path lies in.
local function enclosing(path)
  return vim.iter(vim.fs.parents(path)):find(is_tree)
end

--- Whether there is a promotion tree around a path, or elsewhere in its repository.
local function is_near(path)
  if enclosing(path) or vim.fs.root(path, 'promolint.toml') then
    return true
  end
  local root = repository(path)
  return root ~= nil and has_tree(root, depth)
end

local function absolute(path)
  return vim.fs.normalize(vim.fn.fnamemodify(path, ':p'))
end

--- Whether the owners of this file are declared in the syntax that promolint reads.
function M.is_owners(path)
  path = absolute(path)
  return matches(path, { '/OWNERS$', '/OWNERS_ALIASES$' }) and (vim.fs.root(path, 'OWNERS_ALIASES') ~= nil or is_near(path))
end

--- Whether the file of this path may be one that the server is about.
function M.is_served(path)
  -- A remote file, or one in an archive, has nothing around it on the disk.
  if path == '' or path:find('^%a[%w+.-]+://') then
    return false
  end
  path = absolute(path)
  return matches(path, telling) or M.is_owners(path) or (matches(path, possible) and is_near(path))
end

--- The repository of a path, else its promotion tree; nil where there is neither.
--- @return string?
function M.around(path)
  path = absolute(path)
  return is_near(path) and (repository(path) or enclosing(path)) or nil
end

--- The root for a file that is served: its repository, else its promotion tree, else its directory.
--- @return string
function M.root(path)
  path = absolute(path)
  return repository(path) or enclosing(path) or vim.fs.dirname(path)
end

return M
