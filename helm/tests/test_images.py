"""Both images, with the Docker engine of this machine. `cargo xtask images` made the images."""

import json
import os
import tarfile

import pytest

from engine import docker, run

VERSION = "0.1.0"
IMAGES = {"frontend": "web", "backend": "api"}


@pytest.mark.parametrize("role", IMAGES)
def test_image(role, tmp_path):
    """DEPLOY-01: the user, the labels, no shell, and no secret or source in a layer."""
    name = f"saydo-{role}:{VERSION}"
    config = json.loads(docker("image", "inspect", name).stdout)[0]["Config"]
    assert config["User"] == "65532:65532"
    assert config["Entrypoint"] == ["/app/saydo"] and config["Cmd"] == [IMAGES[role]]
    labels = {f"org.opencontainers.image.{label}" for label in ("title", "description", "licenses", "version", "revision")}
    assert labels <= config["Labels"].keys()
    assert not any(word in variable for variable in config["Env"] for word in ("SECRET", "KEY", "PASSWORD", "DATABASE_URL"))

    docker("save", "--output", tmp_path / "image.tar", name)
    with tarfile.open(tmp_path / "image.tar") as archive:
        archive.extractall(tmp_path, filter="data")
    files = set()
    for layer in json.loads((tmp_path / "manifest.json").read_text())[0]["Layers"]:
        with tarfile.open(tmp_path / layer) as archive:
            files |= {member.name.removeprefix("./") for member in archive if member.isfile()}
    assert "app/saydo" in files
    assert ("app/site/manifest.json" in files) == (role == "frontend")
    assert not files & {"bin/sh", "bin/bash", "usr/bin/sh", "usr/bin/dash", "bin/busybox"}
    assert not any(file.endswith((".rs", ".env", ".db", ".secret", "Cargo.lock")) for file in files)


@pytest.mark.parametrize("role", IMAGES)
def test_confined(role):
    """DEPLOY-01: it runs with a read-only root, without capabilities and without new privileges."""
    confined = ("--rm", "--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges", "--network=none")
    assert docker("run", *confined, f"saydo-{role}:{VERSION}", "--version").stdout.startswith("saydo ")
    # Roles of the other image are not in this one.
    assert docker("run", *confined, f"saydo-{role}:{VERSION}", *(set(IMAGES.values()) - {IMAGES[role]}), check=False).returncode == 2


def test_measures():
    """DEPLOY-02: content, time to ready and memory at rest are within their bars."""
    command = ["cargo", "xtask", "images", "--measure", *os.environ.get("SAYDO_IMAGES", "").split()]
    done = run(command, timeout=3000)
    # The figures, for the reader of the log.
    print(done.stdout[-600:])
