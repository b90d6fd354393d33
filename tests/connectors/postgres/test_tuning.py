"""The server's memory follows the machine's."""

import pytest

from aldia.connectors.postgres.tuning import (
    GIB,
    memory_bytes,
    settings_file,
    shared_buffers_bytes,
    shared_memory_kind,
)


@pytest.mark.parametrize(
    ("memory", "expected"),
    [
        (GIB // 4, GIB // 8),
        (2 * GIB, GIB // 2),
        (8 * GIB, 2 * GIB),
        (16 * GIB, 4 * GIB),
        (256 * GIB, 4 * GIB),
    ],
)
def test_shared_buffers_are_a_quarter_of_memory_within_bounds(memory, expected):
    assert shared_buffers_bytes(memory) == expected


@pytest.mark.parametrize(("free", "kind"), [(64 * 1024**2, "sysv"), (GIB, "posix"), (None, "posix")])
def test_a_container_s_small_shm_is_not_used_for_parallel_workers(free, kind):
    assert shared_memory_kind(free) == kind


def test_this_machine_has_some_memory():
    assert memory_bytes() > GIB // 16


def test_values_are_quoted_for_the_settings_file():
    assert settings_file({"unix_socket_directories": "/tmp/l'aldia"}).endswith("= '/tmp/l''aldia'\n")
