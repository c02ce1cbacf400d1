/** How Pulumi marks a secret in its state. Source: Pulumi SDK, `runtime/rpc`, `specialSigKey` and `specialSecretSig`. */
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** Replaces each secret in an exported state by its plaintext: a program may mark ids as secrets. */
export function unwrapSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapSecrets);
  if (typeof value !== "object" || value === null) return value;
  const object = value as Readonly<Record<string, unknown>>;
  if (object[SIGNATURE_KEY] === SECRET_SIGNATURE && typeof object.plaintext === "string") {
    return unwrapSecrets(JSON.parse(object.plaintext));
  }
  return Object.fromEntries(Object.entries(object).map(([name, part]) => [name, unwrapSecrets(part)]));
}
