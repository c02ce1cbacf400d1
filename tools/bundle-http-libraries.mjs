/** Replaces the built module of the HTTP libraries by a CommonJS file that holds them, and writes their licenses. */
import { build } from "esbuild";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const MODULE = "provider/cloud/http-libraries-bundle";

/** Never loaded: fetch-blob needs the polyfill only before Node.js 18, and the negotiating proxy agent asks for kerberos if it is there. */
const EXTERNAL = ["web-streams-polyfill/*", "kerberos"];

const { metafile } = await build({
  entryPoints: [`${MODULE}.ts`],
  outfile: `dist/${MODULE}.js`,
  bundle: true,
  external: EXTERNAL,
  platform: "node",
  target: "node20.19",
  format: "cjs",
  metafile: true,
  logLevel: "warning",
});

const folders = Object.keys(metafile.inputs).flatMap(
  (file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? [],
);
const notices = [...new Set(folders)].sort().map((folder) => {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  if (license === undefined) throw new Error(`${folder} names no license`);
  return `${name} ${version} (${license})\n\n${readLicense(folder)}`;
});
writeFileSync("dist/THIRD_PARTY_LICENSES.txt", notices.join(`\n${"-".repeat(80)}\n\n`));

/** Returns the license file of a package, else the license section of its readme. A few packages have neither. */
function readLicense(folder) {
  const read = (pattern) => {
    const file = readdirSync(folder).find((name) => pattern.test(name));
    return file === undefined ? undefined : readFileSync(join(folder, file), "utf8").trim();
  };
  const section = /^(?:#+ )?licen[cs]e\n(?:-+\n)?([\s\S]+)/im.exec(read(/^readme/i) ?? "")?.[1]?.trim();
  return `${read(/^licen[cs]e/i) ?? section ?? "The package holds no license text."}\n`;
}
