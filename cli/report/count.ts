/** "1 unchanged resource", "3 unchanged resources". */
export function countUnchanged(count: number): string {
  return `${count} unchanged ${count === 1 ? "resource" : "resources"}`;
}
