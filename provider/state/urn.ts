/** A resource's own name, the last part of its URN. */
export function getResourceName(urn: string): string {
  // A name may hold the separator itself: urn:pulumi:<stack>::<project>::<type>::<name>
  return urn.split("::").slice(3).join("::") || urn;
}
