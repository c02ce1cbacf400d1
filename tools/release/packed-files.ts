/** What users need, by the start of its path. */
const PUBLISHED = [
  /^(package\.json|README\.md|LICENSE|CHANGELOG\.md)$/,
  /^docs\/[\w-]+\.md$/,
  /^dist\/THIRD_PARTY_LICENSES\.txt$/,
  /^dist\/(index|cli|component|emulator|functions|provider|sizing)[\w/.-]*\.(js|d\.ts)$/,
];

/** Of one file each, without which the package is broken or may not be passed on. */
const REQUIRED = ["package.json", "README.md", "LICENSE", "CHANGELOG.md", "dist/THIRD_PARTY_LICENSES.txt"];

export const MAX_PACKED_BYTES = 1_000_000;

export function listUnexpectedFiles(paths: readonly string[]): string[] {
  return paths.filter((path) => !PUBLISHED.some((pattern) => pattern.test(path)));
}

export function listMissingFiles(paths: readonly string[]): string[] {
  return REQUIRED.filter((path) => !paths.includes(path));
}
