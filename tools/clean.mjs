// Removes build output. It is a script because Windows has no `rm -rf`.
import { rmSync } from "node:fs";

for (const path of process.argv.slice(2)) rmSync(path, { recursive: true, force: true });
