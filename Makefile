# Three commands do everything: `make book` builds it, `make check` says in a minute what a change broke, `make test` proves it. The work is in tools/ (python -m tools ...).
PYTHON ?= python3

.PHONY: book check test format serve shelf test-weekly pdf epub zip release lock stats bench mutate fit lite test-oldest clean
book:   ; @$(PYTHON) -m tools book
check:  ; @$(PYTHON) -m tools check
test:   ; @$(PYTHON) -m tools test
format: ; @$(PYTHON) -m tools format
serve:  ; @$(PYTHON) -m tools serve
shelf:  ; @$(PYTHON) -m tools shelf
test-weekly: ; @$(PYTHON) -m tools test-weekly
pdf:    ; @$(PYTHON) -m tools pdf
epub:   ; @$(PYTHON) -m tools epub
zip:    ; @$(PYTHON) -m tools zip
release: ; @$(PYTHON) -m tools release
lock:   ; @$(PYTHON) -m tools lock
stats:  ; @$(PYTHON) -m tools stats
bench:  ; @$(PYTHON) -m tools bench
mutate: ; @$(PYTHON) -m tools mutate
fit:    ; @$(PYTHON) -m tools fit
lite:   ; @$(PYTHON) -m tools lite
test-oldest: ; @$(PYTHON) -m tools test-oldest
clean:  ; rm -rf _build _test notebooks dist .venv .venv-reader .venv-oldest .venv-lite
