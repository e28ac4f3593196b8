-- The server for Neovim 0.11 and newer; see |promolint|.
return require('promolint').config()
