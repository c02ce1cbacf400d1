import type { ServiceRef } from "../cloud/client";
import { getDbSource } from "../cloud/schemas";
import { ApiError, hasStatus, EndpointNotFoundError, ServiceNotAwakeError } from "../errors";
import type { Operation } from "../operation/operation";

/**
 * Whether a failed read means that the endpoint was really deleted. A 404 alone proves nothing: a wrong address, another
 * organization and a gateway error look the same. The deletion is confirmed if the same key reads the organization but not the
 * service, or reads the service and finds no database ClickPipe.
 */
export async function isConfirmedDeleted(
  operation: Operation,
  target: ServiceRef,
  error: unknown,
): Promise<boolean> {
  if (!(error instanceof EndpointNotFoundError) && !hasStatus(error, 400, 404)) return false;
  const { client } = operation;
  await operation.retry(() => client.getOrganization(target.organizationId, operation));
  try {
    await operation.retry(() => client.getService(target, operation));
  } catch (problem) {
    if (hasStatus(problem, 404)) return true;
    throw problem;
  }
  try {
    const pipes = await operation.retry(() => client.listClickPipes(target, operation));
    return pipes.every((pipe) => getDbSource(pipe) === undefined);
  } catch (problem) {
    // An idle service is not deleted.
    if (problem instanceof ServiceNotAwakeError && error instanceof ApiError) return false;
    throw problem;
  }
}
