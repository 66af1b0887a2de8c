# Two commands do everything: `make book` builds it, `make test` proves it. The work is in tools/ (python -m tools ...).
PYTHON ?= python3

.PHONY: book test serve lock stats bench fit clean
book:   ; @$(PYTHON) -m tools book
test:   ; @$(PYTHON) -m tools test
serve:  ; @$(PYTHON) -m tools serve
lock:   ; @$(PYTHON) -m tools lock
stats:  ; @$(PYTHON) -m tools stats
bench:  ; @$(PYTHON) -m tools bench
fit:    ; @$(PYTHON) -m tools fit
clean:  ; rm -rf _build _test notebooks dist .venv .venv-reader
