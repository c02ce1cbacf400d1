// Removes build output; a script because `rm -rf` is not a command on Windows.
import { rmSync } from "node:fs";

for (const path of process.argv.slice(2)) rmSync(path, { recursive: true, force: true });
