" What a user of the page's configuration sees.
function! s:Say(line) abort
  call writefile([substitute(a:line, "\n", ' | ', 'g')], $RESULTS, 'a')
endfunction

" Lines of all findings in the current buffer.
function! s:Lines() abort
  return map(copy(getloclist(0)), {_, finding -> finding.lnum})
endfunction

function! s:CheckLines(name, expected) abort
  let start = reltime()
  while s:Lines() != a:expected && reltimefloat(reltime(start)) < 15
    sleep 50m
  endwhile
  let difference = ': expected ' . string(a:expected) . ', got ' . string(getloclist(0))
  call s:Say(s:Lines() == a:expected ? 'ok ' . a:name : 'fail ' . a:name . difference)
endfunction

function! s:Visit(file) abort
  execute 'edit' fnameescape($TREES . '/' . a:file)
  call ale#Queue(0)
endfunction

try
  call s:Visit('sample/registry.k8s.io/images/k8s-staging-widget/images.yaml')
  call s:CheckLines('a manifest has its findings', [6, 10, 16])
  call setline(10, substitute(getline(10), '\v(sha256:\w+)', '"\1"', ''))
  call ale#Queue(0)
  call s:CheckLines('a finding goes when it is repaired', [6, 16])
  call s:Visit('sample/registry.k8s.io/images/k8s-staging-widget/OWNERS')
  call s:CheckLines('an OWNERS file has its finding', [6])
  call s:Visit('good/deploy/values.yaml')
  sleep 1
  call s:CheckLines('ordinary YAML gets nothing', [])
  call s:Say('done')
catch
  call s:Say('fail runs: ' . v:exception . ' at ' . v:throwpoint)
endtry
qall!
