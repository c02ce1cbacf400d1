/** What is wrong with a property, by its path, as the engine shows it. */
export interface Fault {
  readonly property: string;
  readonly reason: string;
}
