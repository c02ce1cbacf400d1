/** How a provider marks a secret in what it answers. Source: Pulumi SDK, `runtime/rpc`. */
const SIGNATURE = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" } as const;

/** Marks properties as secret, so that Pulumi encrypts them in the state and doesn't show them. */
export function markSecrets<Properties extends object>(
  properties: Properties,
  names: readonly string[] = [],
): Properties {
  const secrets = Object.entries(properties)
    .filter(([name]) => names.includes(name))
    .map(([name, value]: [string, unknown]) => [name, { ...SIGNATURE, value }] as const);
  return { ...properties, ...Object.fromEntries(secrets) };
}
