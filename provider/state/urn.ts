/** The name of a resource: the last part of its URN. */
export function getResourceName(urn: string): string {
  // A name may contain the separator itself: urn:pulumi:<stack>::<project>::<type>::<name>
  return urn.split("::").slice(3).join("::") || urn;
}
