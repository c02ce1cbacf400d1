import { type ChildProcess, execFile, spawn } from "node:child_process";
import { cpSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import type { Emulator } from "../../emulator";
import { createFolder, getEnvironment } from "./environment";
import { installPackages, linkPackages, REPOSITORY } from "./project";

const runFile = promisify(execFile);

/** What a run of the CLI said, and how it ended. */
export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  /** Both streams, in the order they came. */
  readonly output: string;
}

/** A run of the CLI that is not over. */
export class Running {
  output = "";
  stdout = "";
  readonly ended: Promise<Run>;
  private readonly waiting = new Set<() => void>();

  constructor(readonly child: ChildProcess) {
    const createCollector = (isStdout: boolean) => (chunk: Buffer) => {
      this.output += chunk.toString();
      if (isStdout) this.stdout += chunk.toString();
      for (const look of this.waiting) look();
    };
    child.stdout?.on("data", createCollector(true));
    child.stderr?.on("data", createCollector(false));
    this.ended = new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve({ code, stdout: this.stdout, output: this.output }));
    });
  }

  /** Resolves when the output matches. Rejects if the run ends before. */
  waitForOutput(pattern: RegExp): Promise<void> {
    return new Promise((resolve, reject) => {
      const checkOutput = () => {
        if (!pattern.test(this.output)) return;
        this.waiting.delete(checkOutput);
        resolve();
      };
      this.waiting.add(checkOutput);
      void this.ended.then(() => reject(new Error(`ended without ${String(pattern)}:\n${this.output}`)));
      checkOutput();
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}

/** Resolves when the run has sent a change. Rejects if it ends before. */
export function waitForPatch(emulator: Emulator, running: Running): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = emulator.watch((moment, { method }) => {
      if (moment !== "after" || method !== "PATCH") return;
      stop();
      resolve();
    });
    void running.ended.then(({ output }) => reject(new Error(`ended without a PATCH:\n${output}`)));
  });
}

/** A copy of one of the repository's folders, outside of it and without what is installed there. */
export async function copyProject(path: string): Promise<string> {
  const folder = await createFolder();
  const original = join(REPOSITORY, path);
  for (const file of readdirSync(original)) {
    if (file !== "node_modules") cpSync(join(original, file), join(folder, file), { recursive: true });
  }
  return folder;
}

/** Such a copy after `npm install` of the packed package, which replaces the link to the repository. */
export async function installProject(path: string): Promise<string> {
  const packed = await createFolder();
  const pack = ["pack", "--ignore-scripts", "--loglevel", "error", "--pack-destination", packed];
  await runFile("npm", pack, { cwd: REPOSITORY });
  const folder = await copyProject(path);
  const install = ["install", "--no-audit", "--no-fund", "--loglevel", "error", "--prefer-offline"];
  await runFile("npm", [...install, ...readdirSync(packed).map((name) => join(packed, name))], {
    cwd: folder,
  });
  return folder;
}

const FLAGS: Readonly<Record<string, readonly string[]>> = {
  up: ["--yes", "--skip-preview"],
  destroy: ["--yes", "--skip-preview"],
  refresh: ["--yes", "--skip-preview"],
  cancel: ["--yes"],
};

/** A Pulumi project with one stack, on the real CLI and a backend of its own files. */
export class Stack {
  variables: NodeJS.ProcessEnv;

  private constructor(
    readonly folder: string,
    variables: NodeJS.ProcessEnv,
  ) {
    this.variables = variables;
  }

  /** A JavaScript project that resolves this package as a user's does. */
  static async create(emulator: Emulator | undefined, program: string, config: Config = {}): Promise<Stack> {
    const folder = await createFolder();
    writeFileSync(
      join(folder, "Pulumi.yaml"),
      `name: ${basename(folder)}\nruntime: nodejs\nmain: index.js\n`,
    );
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "program", private: true }));
    linkPackages(folder);
    return Stack.createIn(folder, emulator, config, program);
  }

  /** A copy of one of the examples, outside the repository. */
  static async createFromExample(
    name: string,
    emulator: Emulator | undefined,
    config: Config = {},
  ): Promise<Stack> {
    return Stack.createFromCopy(await copyProject(join("examples", name)), emulator, config);
  }

  /** A TypeScript project outside the repository, with this package as an installed one. */
  static async createFromCopy(
    folder: string,
    emulator: Emulator | undefined,
    config: Config = {},
  ): Promise<Stack> {
    installPackages(folder);
    const stack = await Stack.createIn(folder, emulator, config);
    // Their types are checked with everything else's; checking them again takes seconds of each command.
    stack.variables.PULUMI_NODEJS_TRANSPILE_ONLY = "true";
    return stack;
  }

  /** The project that lies in a folder already. */
  static async createIn(
    folder: string,
    emulator: Emulator | undefined,
    config: Config = {},
    program?: string,
  ): Promise<Stack> {
    const { variables } = await getEnvironment();
    const stack = new Stack(folder, {
      ...variables,
      ...(emulator === undefined ? {} : emulator.environment),
    });
    if (program !== undefined) stack.write(program);
    if (Object.keys(config).length > 0) {
      writeFileSync(join(folder, "Pulumi.dev.yaml"), JSON.stringify({ config }));
    }
    await stack.runSuccessfully("stack", "init", "dev");
    return stack;
  }

  write(program: string, file = "index.js"): void {
    writeFileSync(join(this.folder, file), program);
  }

  start(command: string, ...options: string[]): Running {
    const flags = ["--non-interactive", "--color", "never", ...(FLAGS[command] ?? [])];
    const child = spawn("pulumi", [command, ...options, ...flags], {
      cwd: this.folder,
      env: this.variables,
      stdio: ["ignore", "pipe", "pipe"],
    });
    return new Running(child);
  }

  run(command: string, ...options: string[]): Promise<Run> {
    return this.start(command, ...options).ended;
  }

  /** Runs a command and returns its output. Fails the test if the command fails. */
  async runSuccessfully(command: string, ...options: string[]): Promise<string> {
    const { code, output } = await this.run(command, ...options);
    if (code !== 0) throw new Error(`pulumi ${command} ended with ${code}:\n${output}`);
    return output;
  }

  /** Runs a command and returns its output. Fails the test if the command succeeds. */
  async runFailing(command: string, ...options: string[]): Promise<string> {
    const { code, output } = await this.run(command, ...options);
    if (code === 0) throw new Error(`pulumi ${command} did not fail:\n${output}`);
    return output;
  }

  /** The stack's state, as Pulumi exports it. */
  async exportState(): Promise<{ text: string; resources: ExportedResource[] }> {
    const { stdout } = await this.run("stack", "export");
    const { deployment } = JSON.parse(stdout) as { deployment: { resources?: ExportedResource[] } };
    return { text: stdout, resources: deployment.resources ?? [] };
  }

  /** The scaling resource of that name in the state. */
  async findScaling(name = "orders"): Promise<ExportedResource | undefined> {
    const { resources } = await this.exportState();
    return resources.find(({ urn }) => urn.endsWith(`clickpipes:CdcScaling::${name}`));
  }
}

export interface ExportedResource {
  readonly urn: string;
  readonly id?: string;
  readonly inputs: Record<string, unknown>;
  readonly outputs: Record<string, unknown>;
  readonly initErrors?: string[];
}

export type Config = Readonly<Record<string, unknown>>;
