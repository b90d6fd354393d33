"""One payment posted by a process of its own, which may be told to die on the way: `post_once TOKEN KEY`."""

import sys

import django

django.setup()

if __name__ == "__main__":
    from tests.api.conftest import Program
    from tests.api.test_books import PAYMENT

    print(Program(sys.argv[1]).post("/payments", PAYMENT, key=sys.argv[2])[0])
