;;; check.el --- What a user of the page's configuration sees  -*- lexical-binding: t -*-
(require 'eglot)
(require 'flymake)
(setq eglot-sync-connect 10
      flymake-no-changes-timeout 0.1
      eglot-send-changes-idle-time 0.1
      ;; Every tree is a project.
      project-find-functions
      (list (lambda (directory)
              (when-let* ((root (locate-dominating-file directory "OWNERS_ALIASES")))
                (cons 'transient root)))))

(defun say (format &rest values)
  (write-region (concat (string-replace "\n" " | " (apply #'format format values)) "\n") nil (getenv "RESULTS") t 'quiet))

(defmacro check (name &rest body)
  "Say whether BODY runs without an error."
  (declare (indent 1))
  `(condition-case problem
       (progn ,@body (say "ok %s" ,name))
     (error (say "fail %s: %s" ,name (error-message-string problem)))))

(defun becomes (expected actual)
  "Wait until the function ACTUAL returns EXPECTED."
  (let ((end (+ (float-time) 15)))
    (while (and (not (equal expected (funcall actual))) (< (float-time) end))
      (accept-process-output nil 0.05))
    (unless (equal expected (funcall actual))
      (error "Expected %S, got %S" expected (funcall actual)))))

(defun visit (file)
  "Open FILE of the test trees; in batch mode, the command loop has to be played."
  (find-file (expand-file-name file (getenv "TREES")))
  (run-hooks 'post-command-hook)
  (current-buffer))

(defun findings (buffer)
  "Line and rule of all findings in BUFFER."
  (with-current-buffer buffer
    (when (eglot-managed-p)
      ;; No idle timer runs in batch mode.
      (eglot--signal-textDocument/didChange)
      (flymake-start))
    (mapcar (lambda (finding)
              (format "%d %s" (line-number-at-pos (flymake-diagnostic-beg finding))
                      (replace-regexp-in-string "\\`[^[]*\\[\\([^]]*\\)\\]\\(?:.\\|\n\\)*" "\\1" (flymake-diagnostic-text finding))))
            (sort (flymake-diagnostics) (lambda (one other) (< (flymake-diagnostic-beg one) (flymake-diagnostic-beg other)))))))

(let ((images (visit "sample/registry.k8s.io/images/k8s-staging-widget/images.yaml")))
  (check "a manifest has its findings"
    (becomes '("6 digest-syntax" "10 digest-not-visible" "16 tag-syntax") (lambda () (findings images))))
  (check "a digest has a hover"
    (goto-char (point-min))
    (forward-line 4)
    (forward-char 20)
    (let ((hover (jsonrpc-request (eglot-current-server) :textDocument/hover (eglot--TextDocumentPositionParams))))
      (unless (string-match-p "22 destinations" (format "%S" hover))
        (error "No destinations in %S" hover))))
  (check "a quick fix is applied"
    (goto-char (point-min))
    (forward-line 9)
    (let* ((actions (eglot-code-actions (line-beginning-position) (line-end-position) "quickfix"))
           (fix (seq-find (lambda (action) (eq t (plist-get action :isPreferred))) actions))
           (eglot-confirm-server-edits nil))
      (unless fix
        (error "No preferred fix among %S" actions))
      (eglot-execute (eglot-current-server) fix)
      (goto-char (point-min))
      (forward-line 9)
      (unless (looking-at "    \"sha256:e31954ea95dd11eb81d1fd538c88190d3c0fe475410f9a3bb02a46d7306fc30b\": \\[\"v1\\.0\\.1\"\\]$")
        (error "Got %s" (thing-at-point 'line))))
    (becomes '("6 digest-syntax" "16 tag-syntax") (lambda () (findings images)))))

(check "an OWNERS file has its finding"
  (let ((owners (visit "sample/registry.k8s.io/images/k8s-staging-widget/OWNERS")))
    (becomes '("6 owners-unknown-key") (lambda () (findings owners)))))

(check "findings follow edits in another file"
  (let ((owners (visit "good/registry.k8s.io/images/k8s-staging-widget/OWNERS")))
    (becomes '() (lambda () (findings owners)))
    (visit "good/OWNERS_ALIASES")
    (search-forward "widget-maintainers")
    (replace-match "gadget-maintainers")
    (eglot--signal-textDocument/didChange)
    (becomes '("5 owners-unknown-alias") (lambda () (findings owners)))
    (search-backward "gadget-maintainers")
    (replace-match "widget-maintainers")
    (eglot--signal-textDocument/didChange)
    (becomes '() (lambda () (findings owners)))))

(check "ordinary YAML has no server"
  (visit "good/deploy/values.yaml")
  (when (or (eglot-managed-p) (derived-mode-p 'promotion-mode))
    (error "It is served")))

(check "the server ends when it is told"
  (visit "good/OWNERS_ALIASES")
  (eglot-shutdown-all))

(say "done")
(set-buffer-modified-p nil)
(kill-emacs 0)
;;; check.el ends here
