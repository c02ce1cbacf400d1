import type { ServiceChange } from "./service-change";

/**
 * Merges the deletion of a resource into the change of another that declares the same service, as a rename does. The deletion does
 * not scale the service down, because this update still declares it.
 */
export function mergeHandovers(changes: readonly ServiceChange[]): ServiceChange[] {
  const deletions = changes.filter(({ action }) => action === "delete");
  const others = changes.filter(({ action }) => action !== "delete");
  return [
    ...deletions.filter((deletion) => !others.some((other) => haveSameService(other, deletion))),
    ...others.map((change) => {
      const deletion = deletions.find((candidate) => haveSameService(change, candidate));
      if (deletion === undefined || change.before !== undefined) return change;
      return { ...change, before: deletion.before, previousName: deletion.name };
    }),
  ];
}

function haveSameService(a: ServiceChange, b: ServiceChange): boolean {
  return a.serviceId !== undefined && a.serviceId === b.serviceId;
}
