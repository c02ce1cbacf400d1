import * as pulumi from "@pulumi/pulumi";
import { listSecretProperties } from "../provider/dynamic/config-secrets";
import type { FunctionOptions, FunctionOutputOptions, ServiceOutputArgs } from "./arguments";
import type { ServiceArgs } from "../provider/queries/arguments";

/** Creates the Output form of a function. It calls the function when everything that it waits for is known. */
export function createOutputForm<Result>(
  args: ServiceOutputArgs,
  { dependsOn, ...opts }: FunctionOutputOptions,
  plain: (args: ServiceArgs, opts: FunctionOptions) => Promise<Result>,
): pulumi.Output<Result> {
  const { serviceId } = args;
  const isSecret = listSecretProperties().length > 0;
  return pulumi
    .all([isSecret ? pulumi.secret(serviceId) : serviceId, args.organizationId, waitUntilCreated(dependsOn)])
    .apply(([id, organizationId]) => plain({ serviceId: id, organizationId }, opts));
}

/** Resolves when the resources exist. In a preview it stays unknown until they were created. */
function waitUntilCreated(dependsOn: FunctionOutputOptions["dependsOn"] = []): pulumi.Output<unknown> {
  const resources: pulumi.Output<pulumi.Resource | pulumi.Resource[]> = pulumi.output(dependsOn);
  return resources.apply((given) => pulumi.all([given].flat().map(toCreated)));
}

/** Fields that the SDK uses for `dependsOn` in all supported versions, but that its types don't have. */
interface Construction {
  /** Ends when a component has declared its children. */
  readonly __data?: Promise<unknown>;
  readonly __childResources?: ReadonlySet<pulumi.Resource>;
}

/** A component exists when its children do. */
function toCreated(resource: pulumi.Resource): pulumi.Output<unknown> {
  if (pulumi.CustomResource.isInstance(resource)) return resource.id;
  const component: pulumi.Resource & Construction = resource;
  const declared = Promise.resolve(component.__data).then(() => [...(component.__childResources ?? [])]);
  const children = pulumi.output(declared.then((all) => all.map(toCreated)));
  return pulumi.all([component.urn, children]);
}
