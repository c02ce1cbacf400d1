/** Deletes the built declarations that no entry of the package imports, directly or not. */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

const { exports } = JSON.parse(readFileSync("package.json", "utf8"));
const needed = new Set();
const waiting = Object.values(exports).flatMap(({ types }) => (types === undefined ? [] : [join(types)]));
for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
  if (needed.has(file)) continue;
  needed.add(file);
  for (const { fileName } of ts.preProcessFile(readFileSync(file, "utf8")).importedFiles) {
    if (!fileName.startsWith(".")) continue;
    const path = join(dirname(file), fileName);
    waiting.push([`${path}.d.ts`, join(path, "index.d.ts")].find(existsSync));
  }
}
for (const name of readdirSync("dist", { recursive: true })) {
  const file = join("dist", name);
  if (name.endsWith(".d.ts") && !needed.has(file)) rmSync(file);
}
