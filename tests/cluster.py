"""A private PostgreSQL cluster in a temporary folder, and the watcher that ends it with the run of tests.

As a program it is the watcher: ``python tests/cluster.py FOLDER`` waits until nobody holds the lock ``FOLDER/alive``,
then stops the cluster in ``FOLDER/cluster`` and removes the folder. It works also when the run was killed.
"""

import fcntl
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


class ClusterError(Exception):
    """The cluster cannot be started; the text says what to do."""


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One process of the run at a time."""
    with (folder / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def start(cluster: Path, *, durable: bool = False) -> str:
    """Start a cluster in a new folder and give the URL of its first database.

    Raises:
        ClusterError: PostgreSQL's programs are missing or fail.
    """
    for program in ("initdb", "pg_ctl"):
        _program(program)
    cluster.mkdir()
    try:
        return _start(cluster, durable=durable)
    except ClusterError:
        shutil.rmtree(cluster)
        raise


def _start(cluster: Path, *, durable: bool) -> str:
    password = secrets.token_hex(8)
    (cluster / "password").write_text(password)
    for path in (cluster, cluster / "password"):
        path.chmod(0o700)
        if os.geteuid() == 0:
            shutil.chown(path, _user())
    _run(
        cluster, "initdb", "-D", "data", "-U", "postgres", "-A", "password", "--pwfile=password",
        "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
    )  # fmt: skip
    port = _free_port()
    options = (
        f"-p {port} -k {cluster} -c listen_addresses=127.0.0.1 -c max_connections=200 -c shared_buffers=64MB"
        " -c jit=off -c autovacuum=off"
    )
    if not durable:
        options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    _run(cluster, "pg_ctl", "start", "-D", "data", "-w", "-s", "-o", options)
    return f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres"


def stop(cluster: Path) -> None:
    """End the cluster at once."""
    _run(cluster, "pg_ctl", "stop", "-D", "data", "-m", "immediate", "-s")


def _run(cluster: Path, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; they refuse to run as root."""
    root = os.geteuid() == 0
    output = cluster / "output"
    with output.open("a") as file:
        done = subprocess.run(
            [_program(program), *arguments],
            cwd=cluster,
            user=_user() if root else None,
            group=pwd.getpwnam(_user()).pw_gid if root else None,
            extra_groups=[] if root else None,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        raise ClusterError(f"PostgreSQL's {program} failed in {cluster}:\n{output.read_text()}")


def _user() -> str:
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return "nobody"


def _program(name: str) -> str:
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[4]))
    found = str(places[-1]) if places else shutil.which(name)
    if not found:
        raise ClusterError(
            f"The tests need PostgreSQL's programs, and {name} is not there. Install Debian's package 'postgresql'"
            " (apt install postgresql), or set PILOTKIT_TEST_POSTGRES to the URL of a server on which databases may"
            " be created."
        )
    return found


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def watch(folder: Path) -> None:
    """Wait until the run is over, then stop the cluster and remove everything."""
    with (folder / "alive").open("r+") as alive:
        fcntl.flock(alive, fcntl.LOCK_EX)
    with locked(folder):
        if (folder / "cluster" / "data" / "postmaster.pid").exists():
            stop(folder / "cluster")
        shutil.rmtree(folder)


if __name__ == "__main__":
    watch(Path(sys.argv[1]))
