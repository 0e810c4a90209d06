#!/usr/bin/env python3
"""Checks a log of Auditveil or an export against what was signed, without Auditveil.

    verify.py PATH --pubkey signing.pub.pem [--against CHECKPOINT]

PATH is the data folder of an agent, the folder of one log (events or findings) or of an export. Needs Python 3.9 and OpenSSL 3. Ends with 4 after
the first thing wrong, with 2 where there is nothing to verify.
"""
import argparse
import base64
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile


class Wrong(Exception):
    """Something is not as it was signed."""


class Unknown(Exception):
    """Not something that is signed at all."""


def need(holds, text):
    if not holds:
        raise Wrong(text)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def read(*path, what=None):
    try:
        return pathlib.Path(*path).read_bytes()
    except FileNotFoundError:
        raise Wrong(f"{what or os.path.join(*path[1:] or path)}: it is missing") from None


def merkle_root(leaves):
    """Root of a tree as of RFC 6962, over hashes of leaves."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256()
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return sha256(b"\x01", merkle_root(leaves[:split]), merkle_root(leaves[split:]))


def is_signed(pem, data, signature):
    """Ed25519 by OpenSSL; keys and signatures go through files."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [pathlib.Path(folder, name) for name in ("key", "data", "signature")]
        for path, content in zip(paths, (pem, data, signature)):
            path.write_bytes(content)
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", paths[0], "-rawin", "-in", paths[1], "-sigfile", paths[2]]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0


def signer_of(data, line, pems):
    """The key that signed, or None; its line must be what the key writes, to the byte."""
    encoded = re.search(rb'"signature":"([A-Za-z0-9+/]{86}==)"}$', line)
    for pem in pems if encoded else []:
        key, signature = hashlib.sha256(base64.b64decode(pem.split(b"\n")[1])).hexdigest()[:32], base64.b64decode(encoded[1])
        written = b'{"algorithm":"ed25519","key":"%s","signature":"%s"}' % (key.encode(), base64.b64encode(signature))
        if line == written and is_signed(pem, data, signature):
            return pem


def read_digest(document, line, pems, place):
    """A digest, and the keys that are good after it."""
    signer = signer_of(document, line, pems)
    need(signer, f"{place}: none of the keys signed it")
    digest = json.loads(document)
    return digest, [pem for pem in pems if pem != signer] + [digest["publicKey"].encode()] if digest["kind"] == "key" else pems


def read_chain(log, pems):
    """All digests, leaves of their tree, and every key that was good at one time."""
    lines = read(log, "proof", "digests.jsonl", what="the chain").split(b"\n")
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
    ends = seal["kind"] == "open" or os.path.getsize(os.path.join(log, f"{name}.seg")) == len(content)
    need(ends, f"segment {number}, byte {len(content)}: it goes on behind what was signed")
    sizes = [int.from_bytes(listed[at : at + 4], "little") for at in range(0, len(listed), 36)]
    hashes = [listed[at + 4 : at + 36] for at in range(0, len(listed), 36)]
    is_list = (sum(sizes), merkle_root(hashes).hex()) == (seal["bytes"], seal["root"])
    need(is_list, f"segment {number}: the list of its blocks is not the one that was signed")
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
    checked = [number for number in sorted(seals) if number in there or number not in deleted]
    for number in checked:
        check_segment(log, seals[number])
    return f"{digests[0]['log']}: {len(digests)} digests, {len(checked)} segments are as they were signed"


def follow(lines, pems):
    """Keys that those given introduce, one after another, in digests that came along."""
    for document, line in zip(lines[0::2], lines[1::2]):
        if signer_of(document, line, pems) and json.loads(document)["kind"] == "key":
            pems = pems + [json.loads(document)["publicKey"].encode()]
    return pems


def check_file(folder, entry):
    """Its sum and its list of blocks; a change is named by block: of a hundred lines, or of as many bytes as the manifest says."""
    name, content, listed = entry["name"], read(folder, entry["name"]), f"proof/{os.path.basename(entry['name'])}.blocks"
    hashes = read(folder, listed).decode("latin-1").split("\n")
    is_list = hashes.pop() == "" and all(re.fullmatch("[0-9a-f]{64}", each) for each in hashes)
    is_list = is_list and merkle_root([bytes.fromhex(each) for each in hashes]).hex() == entry["root"]
    is_same = hashlib.sha256(content).hexdigest() == entry["sha256"]
    need(is_list, f"{listed if is_same else name}: not as signed")
    unit, size, part = ("bytes", entry["blockBytes"], rb"(?s).") if "blockBytes" in entry else ("lines", 100, rb"[^\n]*\n|[^\n]+")
    parts = re.findall(part, content)
    found = [sha256(b"\x00", *parts[at : at + size]).hex() for at in range(0, len(parts), size)]
    at = next((i for i, signed in enumerate(hashes) if found[i : i + 1] != [signed]), len(hashes))
    need(is_same, f"{name}, {unit} {at * size + 1} to {(at + 1) * size}: not as signed")


def verify_export(folder, pems):
    text, line = read(folder, "manifest.json"), read(folder, "manifest.sig").split(b"\n")
    pems = follow(read(folder, "proof", "keys.jsonl").split(b"\n"), pems)
    need(line[1:] == [b""] and signer_of(text, line[0], pems), "manifest.json: none of the keys signed it as it is")
    manifest, lines = json.loads(text), {}
    for entry in manifest["files"]:
        check_file(folder, entry)
        lines[entry["name"]] = entry.get("lines")
    sums = [manifest["counts"][f"{name}Exported"] for name in ("events", "findings", "notes")]
    fits = [lines.get(f"{name}.jsonl", number) == number for name, number in zip(("events", "findings", "notes"), sums)]
    need(all(fits) and sum(sums) == manifest["counts"]["recordsRead"], "manifest.json: its counts do not add up")
    listed = {f"proof/{os.path.basename(name)}.blocks" for name in lines} | {"manifest.json", "manifest.sig", "proof"}
    there = os.listdir(folder) + [f"proof/{name}" for name in os.listdir(os.path.join(folder, "proof"))]
    foreign = sorted(set(there) - set(lines) - listed)
    need(not foreign, f"{foreign[0] if foreign else ''}: it is not part of the export")
    return f"export of {manifest['made']}: {sums[0]} events, {sums[1]} findings, {sums[2]} notes are as they were signed"


def main(verify, description):
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("path")
    parser.add_argument("--pubkey", required=True, action="append")
    parser.add_argument("--against")
    options = parser.parse_args()
    pem = re.compile(rb"-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----\n?")
    for name in filter(None, [options.path, *options.pubkey, options.against]):
        if not os.path.exists(name):
            parser.error(f"{name}: there is no such file or folder")
    try:
        pems = [key for path in options.pubkey for key in pem.findall(read(path))]
        if not pems:
            parser.error(f"{options.pubkey[0]}: it holds no public key")
        print(verify(options.path, pems, None if options.against is None else read(options.against).decode()))
    except Unknown as unknown:
        parser.error(str(unknown))
    except Wrong as wrong:
        print(f"NOT as it was signed: {wrong}")
        sys.exit(4)


def verify_folder(path, pems, checkpoint):
    there = set(os.listdir(path)) if os.path.isdir(path) else set()
    if {"manifest.json", "manifest.sig", "report.html", "events.jsonl"} & there:
        return verify_export(path, pems)
    logs = [os.path.join(path, name) for name in ("events", "findings") if os.path.isdir(os.path.join(path, name))]
    for name in ("events", "findings"):
        seen = checkpoint is not None and re.search(f"/{name}\\n\\d+\\n", checkpoint)
        need(not (logs and seen) or os.path.join(path, name) in logs, f"{name}: the log is gone, the checkpoint saw it")
    if not logs and os.path.basename(os.path.abspath(path)) not in ("events", "findings") and not is_log(there):
        raise Unknown(f"{path}: this is no data folder, log or export")
    return "\n".join(verify_log(log, pems, checkpoint) for log in logs or [path])


def is_log(names):
    return "proof" in names or any(re.fullmatch(r"\d{10}\.seg", name) for name in names)


if __name__ == "__main__":
    main(verify_folder, __doc__)
