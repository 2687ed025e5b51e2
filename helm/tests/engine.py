"""Runs the docker command in the repository."""

import subprocess

from chart import CHART

ROOT = CHART.parent.parent


def run(command, check=True, timeout=300, cwd=ROOT, **options):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=timeout, cwd=cwd, **options)
    assert not check or done.returncode == 0, f"{command}\n{done.stdout[-4000:]}{done.stderr[-4000:]}"
    return done


def docker(*arguments, **options):
    return run(["docker", *arguments], **options)
