// Loads the shipped mask packs once and writes them without examples, so that starting needs neither YAML nor checks.
// usage: node scripts/build-packs.mjs [OUT_DIR], after tsc
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const out = path.resolve(process.argv[2] ?? 'dist');
const load = (file) => import(pathToFileURL(path.join(out, 'src', file)).href);
const { loadPacks } = await load('masking/load-pack.js');
const { shippedPacks, packsKey } = await load('pipeline/load-files.js');

const files = await shippedPacks();
const packs = loadPacks(files).map((pack) => ({ ...pack, examples: [] }));
writeFileSync(path.join(out, 'src', 'packs.json'), JSON.stringify({ key: packsKey(files), packs }));
