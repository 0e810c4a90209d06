#!/usr/bin/env python3
"""Checks a proof of `auditveil prove`, without Auditveil: one record of a log, one line of an export, or that a log grew.

    proof.py PROOF --pubkey signing.pub.pem [--against CHECKPOINT]

Stands beside verify.py and needs the same. Prints what is proven and ends with 0, or what is wrong and ends with 4.
"""
import base64
import json

from verify import Wrong, follow, main, need, read, read_checkpoint, read_digest, sha256, signer_of


def root_of_path(leaf, index, size, path):
    """The root that a leaf leads to with the hashes beside its way (RFC 6962, 2.1.1)."""
    if size == 1 or not path:
        need(size == 1 and not path, "the proof: its path has another length")
        return leaf
    split = 1 << ((size - 1).bit_length() - 1)
    if index < split:
        return sha256(b"\x01", root_of_path(leaf, index, split, path[:-1]), path[-1])
    return sha256(b"\x01", path[-1], root_of_path(leaf, index - split, size - split, path[:-1]))


def roots_of_growth(old, new, path, known):
    """Roots of a tree of `old` leaves and of the one of `new` that it grew to (RFC 6962, 2.1.2); `known`: root of the first."""
    if old == new or not path:
        need(old == new and len(path) == (known is None), "the proof: its path has another length")
        return (path[0], path[0]) if known is None else (known, known)
    split = 1 << ((new - 1).bit_length() - 1)
    if old <= split:
        before, after = roots_of_growth(old, split, path[:-1], known)
        return before, sha256(b"\x01", after, path[-1])
    before, after = roots_of_growth(old - split, new - split, path[:-1], None)
    return sha256(b"\x01", path[-1], before), sha256(b"\x01", path[-1], after)


def unhex(texts):
    return [bytes.fromhex(text) for text in texts]


def payload_at(block, offset):
    """The whole payload that begins there: a part of one may be what somebody wrote so that it looks like a record."""
    at = 0
    while at + 80 <= len(block):
        size, head = (int.from_bytes(block[at + field : at + field + 4], "little") for field in (0, 12))
        if at + head == offset:
            return block[offset : at + size]
        at += max(size, 80)


def check_record(proof, pems, checkpoint):
    block, document, note = base64.b64decode(proof["block"]), proof["document"].encode(), proof["checkpoint"]
    digest, _ = read_digest(document, proof["signature"].encode(), pems, f"digest {proof['number']}")
    leaf = root_of_path(sha256(b"\x00", block), proof["index"], digest["blocks"], unhex(proof["path"]))
    need(leaf.hex() == digest["root"], "the record: its block is not in the digest")
    need(payload_at(block, proof["offset"]) == proof["record"].encode(), "the record: it is not in its block")
    size, root = read_checkpoint(note, digest["log"], pems)
    top = root_of_path(sha256(b"\x00", document), digest["sequence"] - 1, size, unhex(proof["digestPath"]))
    need(top == root, f"digest {digest['sequence']}: it is not in the checkpoint")
    if checkpoint is not None:
        need(read_checkpoint(checkpoint, digest["log"], pems) == (size, root), "the checkpoint: the proof is about another one")
    return f"{digest['log']} of {digest['cluster']}, segment {digest['segment']}, sealed {digest['made']}:\n{proof['record']}"


def check_line(proof, pems):
    text, number = proof["manifest"].encode(), proof["line"]
    need(signer_of(text, proof["signature"].rstrip("\n").encode(), pems), "the manifest: none of the keys signed it")
    entry = next((file for file in json.loads(text)["files"] if file["name"] == proof["file"]), None)
    need(entry is not None, f"{proof['file']}: it is not in the manifest")
    size, index = (entry["lines"] + 99) // 100, (number - 1) // 100
    root = root_of_path(sha256(b"\x00", proof["block"].encode()), index, size, unhex(proof["path"]))
    need(root.hex() == entry["root"], f"{proof['file']}, line {number}: its block is not in the export")
    return f"{proof['file']}, line {number}, exported {json.loads(text)['made']}:\n{proof['block'].split(chr(10))[(number - 1) % 100]}"


def check_growth(proof, pems, checkpoint):
    log = proof["log"]
    (old, old_root), (new, new_root) = read_checkpoint(proof["from"], log, pems), read_checkpoint(proof["to"], log, pems)
    need(old <= new, "the checkpoints: the later one saw less")
    need(roots_of_growth(old, new, unhex(proof["path"]), old_root) == (old_root, new_root), "the later checkpoint does not go on from the first")
    if checkpoint is not None:
        need((old, old_root) == read_checkpoint(checkpoint, log, pems), "the checkpoint: the proof is about another one")
    return f"{log}: the log of {new} digests goes on from the one of {old}"


def verify_proof(path, pems, checkpoint):
    try:
        proof = json.loads(read(path))
        pems = follow([line.encode() for pair in proof["keys"] for line in pair], pems)
        kind = proof["kind"] if proof["format"] == "auditveil.proof/1" else None
        if kind == "record":
            return check_record(proof, pems, checkpoint)
        return check_line(proof, pems) if kind == "line" else check_growth(proof, pems, checkpoint)
    except (ValueError, KeyError, TypeError):
        raise Wrong("the proof: it is none") from None


if __name__ == "__main__":
    main(verify_proof, __doc__)
