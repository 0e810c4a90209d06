#!/usr/bin/env python3
"""Checks a log of Auditveil against its signed digests, without Auditveil.

    verify.py LOG --pubkey signing.pub.pem [--against CHECKPOINT]

LOG is the folder of one log (events or findings). Needs Python 3.9 and OpenSSL 3 on the PATH. Written from
docs/proof.md alone; prints the first thing that is wrong and ends with 4, or a summary and ends with 0.
"""
import argparse
import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile


class Wrong(Exception):
    """Something is not as it was signed."""


def sha256(*parts):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


def merkle_root(leaves):
    """Root of a tree as of RFC 6962, over hashes of leaves."""
    if not leaves:
        return sha256()
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return sha256(b"\x01", merkle_root(leaves[:split]), merkle_root(leaves[split:]))


def is_signed(pem, data, signature):
    """Ed25519 by OpenSSL; keys and signatures go through files."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {}
        for name, content in (("key", pem), ("data", data), ("signature", signature)):
            paths[name] = os.path.join(folder, name)
            with open(paths[name], "wb") as file:
                file.write(content)
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", paths["key"], "-rawin"]
        command += ["-in", paths["data"], "-sigfile", paths["signature"]]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0


def read_chain(log, pems):
    """The documents of all digests in order, each checked against its signature and the one before."""
    path = os.path.join(log, "proof", "digests.jsonl")
    if not os.path.exists(path):
        raise Wrong("the chain: there are no digests")
    with open(path, "rb") as file:
        content = file.read()
    lines = content.split(b"\n")
    if lines[-1] != b"" or len(lines) % 2 == 0:
        raise Wrong("the end of the chain: a digest is there in part")
    keys, previous, digests, leaves = list(pems), "0" * 64, [], []
    for number in range(1, len(lines) // 2 + 1):
        document, line = lines[2 * number - 2], lines[2 * number - 1]
        try:
            digest, signature = json.loads(document), base64.b64decode(json.loads(line)["signature"])
        except (ValueError, KeyError, TypeError):
            raise Wrong(f"digest {number}: it is no digest") from None
        if not any(is_signed(pem, document, signature) for pem in keys):
            raise Wrong(f"digest {number}: none of the keys signed it")
        if digest["sequence"] != number or digest["previous"] != previous:
            raise Wrong(f"digest {number}: it does not follow the one before it")
        if digests and (digest["log"], digest["cluster"]) != (digests[0]["log"], digests[0]["cluster"]):
            raise Wrong(f"digest {number}: it is of another log or cluster")
        if digest["kind"] == "key":
            keys.append(digest["publicKey"].encode())
        digests.append(digest)
        leaves.append(sha256(b"\x00", document))
        previous = hashlib.sha256(document).hexdigest()
    if not digests:
        raise Wrong("the chain: there are no digests")
    return digests, leaves


def check_checkpoint(text, log, leaves, pems):
    """The log must go on from where the checkpoint saw it."""
    for note in re.finditer(r"([^\n\u2014]+/" + re.escape(log) + r")\n(\d+)\n([A-Za-z0-9+/]{43}=)\n\n((?:\u2014 [^\n]+\n)+)", text):
        origin, size, root, signatures = note[1], int(note[2]), base64.b64decode(note[3]), note[4].splitlines()
        signed = f"{note[1]}\n{note[2]}\n{note[3]}\n".encode()
        raw = [base64.b64decode(line.split(" ")[2])[4:] for line in signatures if line.split(" ")[1] == origin]
        if not any(is_signed(pem, signed, signature) for pem in pems for signature in raw):
            raise Wrong("the checkpoint: none of the keys signed it")
        if len(leaves) < size:
            raise Wrong(f"the end of the chain: the checkpoint saw {size} digests, there are {len(leaves)}")
        if merkle_root(leaves[:size]) != root:
            raise Wrong(f"the first {size} digests: they are not those that the checkpoint saw")
        return
    raise Wrong("the checkpoint: it is not of this log")


def read_blocks(log, seal):
    """Sizes and hashes of a segment's blocks; only as good as the root they lead to."""
    path = os.path.join(log, "proof", f"{seal['segment']:010d}.blocks")
    if not os.path.exists(path):
        raise Wrong(f"segment {seal['segment']}: the list of its blocks is missing")
    with open(path, "rb") as file:
        content = file.read()
    entries = [content[at : at + 36] for at in range(0, len(content), 36)]
    blocks = [(int.from_bytes(entry[:4], "little"), entry[4:]) for entry in entries]
    if sum(size for size, _ in blocks) != seal["bytes"] or merkle_root([block for _, block in blocks]).hex() != seal["root"]:
        raise Wrong(f"segment {seal['segment']}: the list of its blocks is not the one that was signed")
    return blocks


def check_segment(log, seal):
    path = os.path.join(log, f"{seal['segment']:010d}.seg")
    if not os.path.exists(path):
        raise Wrong(f"segment {seal['segment']}: it is gone, and no digest says that it was to go")
    if os.path.getsize(path) < seal["bytes"]:
        raise Wrong(f"segment {seal['segment']}: it ends at byte {os.path.getsize(path)} of {seal['bytes']}")
    with open(path, "rb") as file:
        at = 0
        for size, expected in read_blocks(log, seal):
            if sha256(b"\x00", file.read(size)) != expected:
                raise Wrong(f"segment {seal['segment']}, bytes {at} to {at + size}: not as signed")
            at += size


def verify(log, pems, checkpoint):
    if checkpoint is None and not any(name == "proof" and os.listdir(os.path.join(log, name)) or name.endswith(".seg") for name in os.listdir(log)):
        return f"{log}: nothing was ever written"
    digests, leaves = read_chain(log, pems)
    if checkpoint is not None:
        check_checkpoint(checkpoint, digests[0]["log"], leaves, pems)
    seals = {digest["segment"]: digest for digest in digests if digest["kind"] in ("closed", "open")}
    deleted = {digest["segment"] for digest in digests if digest["kind"] == "deleted"}
    there = {int(name[:10]) for name in os.listdir(log) if re.fullmatch(r"\d{10}\.seg", name)}
    for number in sorted(there - set(seals)):
        if number < max(seals, default=0):
            raise Wrong(f"segment {number}: no digest ever sealed it")
    checked = [seal for number, seal in sorted(seals.items()) if number in there or number not in deleted]
    for seal in checked:
        check_segment(log, seal)
    records = sum(seal["records"] for seal in checked)
    return f"{digests[0]['log']}: {len(digests)} digests, {len(checked)} segments with {records} records are as they were signed"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("log")
    parser.add_argument("--pubkey", required=True, action="append")
    parser.add_argument("--against")
    options = parser.parse_args()
    pems = []
    for path in options.pubkey:
        with open(path, "rb") as file:
            pems.append(file.read())
    checkpoint = None
    if options.against is not None:
        with open(options.against, encoding="utf-8") as file:
            checkpoint = file.read()
    try:
        print(verify(options.log, pems, checkpoint))
    except Wrong as wrong:
        print(f"NOT as it was signed: {wrong}")
        sys.exit(4)


if __name__ == "__main__":
    main()
