# Aliases only: dev.py is the way in, and make is not required.
.PHONY: setup demo check test bench night lock
setup demo check test bench night lock:
	@python3 dev.py $@ $(ARGS)
