"""A PostgreSQL server of the benchmarks' own, on a socket in a private folder, and psql as its client.

Run as a program it starts one, writes {"ready": "postgresql", "url": ...} and ends it when its
standard input does. The server syncs what it commits, as one that holds data for good does.
"""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time


def program(name):
    """Debian keeps the server's programs out of PATH, one folder for each version."""
    found = shutil.which(name)
    if found:
        return os.path.realpath(found)
    root = "/usr/lib/postgresql"
    versions = sorted(os.listdir(root), key=float, reverse=True) if os.path.isdir(root) else []
    for version in versions:
        path = f"{root}/{version}/bin/{name}"
        if os.access(path, os.X_OK):
            return path
    sys.exit(f"{name} is not here: apt-get install postgresql")


class PostgreSQL:
    """psql, connected to the server at the address."""

    def __init__(self, url):
        self.url = url
        # Debian's psql in PATH is a script that looks for one of these.
        self.psql = os.path.join(os.path.dirname(program("postgres")), "psql")

    def execute(self, *commands):
        words = [self.psql, "-X", "-q", "-v", "ON_ERROR_STOP=1"]
        for command in commands:
            words += ["-c", command]
        return subprocess.run(
            words + [self.url], check=True, stdout=subprocess.PIPE, text=True).stdout

    def client_version(self):
        return subprocess.run(
            [self.psql, "--version"], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def main():
    # The server refuses to run as root: then it runs as the user its Debian package made.
    user = "postgres" if os.geteuid() == 0 else None
    folder = tempfile.mkdtemp(prefix="martinet-pg-")
    if user:
        shutil.chown(folder, user)
    programs = os.path.dirname(program("postgres"))
    data = os.path.join(folder, "data")
    server = None
    try:
        subprocess.run(
            [f"{programs}/initdb", "-D", data, "-U", "martinet", "--auth=trust", "--encoding=UTF8",
             "--locale=C"], check=True, stdout=subprocess.DEVNULL, user=user, cwd=folder)
        server = subprocess.Popen(
            [f"{programs}/postgres", "-D", data, "-c", "listen_addresses=", "-c",
             f"unix_socket_directories={folder}", "-c", "max_wal_size=4GB"],
            stdin=subprocess.DEVNULL, stdout=sys.stderr, user=user, cwd=folder)
        url = f"postgresql://martinet@/postgres?host={folder}"
        client = PostgreSQL(url)
        for _ in range(300):
            if subprocess.run([f"{programs}/pg_isready", "-q", "-d", url]).returncode == 0:
                break
            if server.poll() is not None:
                sys.exit(f"the server ended with {server.returncode}")
            time.sleep(0.1)
        client.execute("select 1")
        print(json.dumps({"ready": "postgresql", "url": url}), flush=True)
        sys.stdin.read()
    finally:
        if server and server.poll() is None:
            server.send_signal(signal.SIGINT)
            server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
