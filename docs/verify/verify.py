#!/usr/bin/env python3
"""Checks a log of Auditveil or an export against what was signed, without Auditveil.

    verify.py PATH --pubkey signing.pub.pem [--against CHECKPOINT]

PATH is the folder of one log (events or findings) or of an export. Needs Python 3.9 and OpenSSL 3. Written from docs/proof.md
and docs/export.md. Ends with 4 after the first thing that is wrong, or with 0 after a summary.
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


def need(holds, text):
    if not holds:
        raise Wrong(text)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def read(*path):
    try:
        with open(os.path.join(*path), "rb") as file:
            return file.read()
    except FileNotFoundError:
        raise Wrong(f"{os.path.join(*path[1:] or path)}: it is missing") from None


def merkle_root(leaves):
    """Root of a tree as of RFC 6962, over hashes of leaves."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256()
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return sha256(b"\x01", merkle_root(leaves[:split]), merkle_root(leaves[split:]))


def is_signed(pem, data, signature):
    """Ed25519 by OpenSSL; keys and signatures go through files."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ("key", "data", "signature")]
        for path, content in zip(paths, (pem, data, signature)):
            with open(path, "wb") as file:
                file.write(content)
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", paths[0], "-rawin", "-in", paths[1], "-sigfile", paths[2]]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0


def signature_in(line):
    """Of a signature line; of what is none it is empty, which no key signs."""
    try:
        return base64.b64decode(json.loads(line)["signature"], validate=True)
    except (ValueError, KeyError, TypeError):
        return b""


def read_digest(document, line, pems, place):
    """A digest, and the keys that are good after it."""
    signer = next((pem for pem in pems if is_signed(pem, document, signature_in(line))), None)
    need(signer, f"{place}: none of the keys signed it")
    digest = json.loads(document)
    return digest, [pem for pem in pems if pem != signer] + [digest["publicKey"].encode()] if digest["kind"] == "key" else pems


def read_chain(log, pems):
    """Documents of all digests, leaves of their tree, and every key that was good at one time."""
    need(os.path.exists(os.path.join(log, "proof", "digests.jsonl")), "the chain: there are no digests")
    lines = read(log, "proof", "digests.jsonl").split(b"\n")
    need(lines[-1] == b"" and len(lines) % 2 and lines != [b""], "the end of the chain: a digest is there in part")
    previous, digests, ever = "0" * 64, [], list(pems)
    for number, (document, line) in enumerate(zip(lines[0::2], lines[1::2]), 1):
        digest, pems = read_digest(document, line, pems, f"digest {number}")
        digests.append(digest)
        need((digest["sequence"], digest["previous"]) == (number, previous), f"digest {number}: it does not follow the one before it")
        need(all(digest[what] == digests[0][what] for what in ("log", "cluster")), f"digest {number}: it is of another log or cluster")
        ever += [pem for pem in pems if pem not in ever]
        previous = hashlib.sha256(document).hexdigest()
    return digests, [sha256(b"\x00", document) for document in lines[0:-1:2]], ever


def read_checkpoint(text, log, pems):
    """Number of digests and root of the note about a log, of one or several notes."""
    note = re.search(r"([^\n\u2014]+/" + log + r")\n(\d+)\n([A-Za-z0-9+/]{43}=)\n\n((?:\u2014 [^\n]+\n)+)", text)
    need(note, "the checkpoint: it is not of this log")
    signed = f"{note[1]}\n{note[2]}\n{note[3]}\n".encode()
    raw = [base64.b64decode(line.split(" ")[2])[4:] for line in note[4].splitlines() if line.split(" ")[1] == note[1]]
    need(any(is_signed(pem, signed, signature) for pem in pems for signature in raw), "the checkpoint: none of the keys signed it")
    return int(note[2]), base64.b64decode(note[3])


def check_segment(log, seal):
    name, number = f"{seal['segment']:010d}", seal["segment"]
    need(os.path.exists(os.path.join(log, f"{name}.seg")), f"segment {number}: it is gone, and no digest says that it was to go")
    content, listed = read(log, f"{name}.seg")[: seal["bytes"]], read(log, "proof", f"{name}.blocks")
    need(len(content) == seal["bytes"], f"segment {number}: it ends at byte {len(content)} of {seal['bytes']}")
    sizes = [int.from_bytes(listed[at : at + 4], "little") for at in range(0, len(listed), 36)]
    hashes = [listed[at + 4 : at + 36] for at in range(0, len(listed), 36)]
    signed = (seal["bytes"], seal["root"])
    need((sum(sizes), merkle_root(hashes).hex()) == signed, f"segment {number}: the list of its blocks is not the one that was signed")
    at = 0
    for size, expected in zip(sizes, hashes):
        need(sha256(b"\x00", content[at : at + size]) == expected, f"segment {number}, bytes {at} to {at + size}: not as signed")
        at += size


def verify_log(log, pems, checkpoint):
    there = {int(name[:10]) for name in os.listdir(log) if re.fullmatch(r"\d{10}\.seg", name)}
    if checkpoint is None and not there and not os.path.exists(os.path.join(log, "proof", "digests.jsonl")):
        return f"{log}: nothing was ever written"
    digests, leaves, pems = read_chain(log, pems)
    if checkpoint is not None:
        size, root = read_checkpoint(checkpoint, digests[0]["log"], pems)
        need(len(leaves) >= size, f"the end of the chain: the checkpoint saw {size} digests, there are {len(leaves)}")
        need(merkle_root(leaves[:size]) == root, f"the first {size} digests: they are not those that the checkpoint saw")
    seals = {digest["segment"]: digest for digest in digests if digest["kind"] in ("closed", "open")}
    deleted = {digest["segment"] for digest in digests if digest["kind"] == "deleted"}
    for number in sorted(there - set(seals)):
        need(number > max(seals, default=0), f"segment {number}: no digest ever sealed it")
    checked = [seal for number, seal in sorted(seals.items()) if number in there or number not in deleted]
    for seal in checked:
        check_segment(log, seal)
    records = sum(seal["records"] for seal in checked)
    return f"{digests[0]['log']}: {len(digests)} digests, {len(checked)} segments with {records} records are as they were signed"


def follow(lines, pems):
    """Keys that those given introduce, one after another, in digests that came along."""
    for document, line in zip(lines[0::2], lines[1::2]):
        if any(is_signed(pem, document, signature_in(line)) for pem in pems) and json.loads(document)["kind"] == "key":
            pems = pems + [json.loads(document)["publicKey"].encode()]
    return pems


def check_file(folder, entry):
    """Its sum; where that is another, the first block that is: of a hundred lines, or of as many bytes as the manifest says."""
    name, content = entry["name"], read(folder, entry["name"])
    if hashlib.sha256(content).hexdigest() == entry["sha256"]:
        return
    hashes = [bytes.fromhex(line) for line in read(folder, "proof", f"{name}.blocks").decode().split()]
    need(merkle_root(hashes).hex() == entry["root"], f"{name}: not as signed")
    unit, size = ("bytes", entry["blockBytes"]) if "blockBytes" in entry else ("lines", 100)
    parts = re.findall(rb"[^\n]*\n|[^\n]+", content) if unit == "lines" else [content[at : at + 1] for at in range(len(content))]
    found = [sha256(b"\x00", *parts[at : at + size]) for at in range(0, len(parts), size)]
    at = next((i for i, signed in enumerate(hashes) if found[i : i + 1] != [signed]), len(hashes))
    raise Wrong(f"{name}, {unit} {at * size + 1} to {(at + 1) * size}: not as signed")


def verify_export(folder, pems):
    text, line = read(folder, "manifest.json"), read(folder, "manifest.sig")
    keys = os.path.join(folder, "proof", "keys.jsonl")
    pems = follow(read(keys).split(b"\n"), pems) if os.path.exists(keys) else pems
    need(any(is_signed(pem, text, signature_in(line)) for pem in pems), "manifest.json: none of the keys signed it as it is")
    manifest = json.loads(text)
    for entry in manifest["files"]:
        check_file(folder, entry)
    counts, lines = manifest["counts"], {entry["name"]: entry.get("lines") for entry in manifest["files"]}
    sums = [counts[f"{name}Exported"] for name in ("events", "findings", "notes")]
    fits = [lines.get(f"{name}.jsonl", number) == number for name, number in zip(("events", "findings", "notes"), sums)]
    need(all(fits) and sum(sums) == counts["recordsRead"], "manifest.json: its counts do not add up")
    foreign = sorted(set(os.listdir(folder)) - set(lines) - {"manifest.json", "manifest.sig", "proof"})
    need(not foreign, f"{foreign[0] if foreign else ''}: it is not part of the export")
    return f"export of {manifest['made']}: {sums[0]} events, {sums[1]} findings, {sums[2]} notes are as they were signed"


def main(verify, description):
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("path")
    parser.add_argument("--pubkey", required=True, action="append")
    parser.add_argument("--against")
    options = parser.parse_args()
    pem = re.compile(rb"-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----\n?")
    try:
        pems = [key for path in options.pubkey for key in pem.findall(read(path))]
        print(verify(options.path, pems, None if options.against is None else read(options.against).decode()))
    except Wrong as wrong:
        print(f"NOT as it was signed: {wrong}")
        sys.exit(4)


def verify_folder(path, pems, checkpoint):
    is_export = any(name.startswith("manifest.") or name == "report.html" for name in os.listdir(path))
    return verify_export(path, pems) if is_export else verify_log(path, pems, checkpoint)


if __name__ == "__main__":
    main(verify_folder, __doc__)
