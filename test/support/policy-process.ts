import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/analyzer_pb";
import { REPOSITORY } from "./project";

/** What the engine gets for a resource that violates a policy. */
export interface Violation {
  readonly policy: string;
  readonly message: string;
  readonly isMandatory: boolean;
}

interface Resource {
  readonly type: string;
  /** @default orders */
  readonly name?: string;
  readonly properties: Record<string, unknown>;
}

/** The policy pack of the example in a process of its own, called as the engine calls it. */
export class PolicyProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly client: AnalyzerClient,
  ) {}

  static async start(): Promise<PolicyProcess> {
    const child = spawn(process.execPath, ["-r", require.resolve("ts-node/register/transpile-only"), "."], {
      cwd: join(REPOSITORY, "examples", "review", "policy-pack"),
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [port] = (await once(createInterface(child.stdout), "line")) as [string];
    return new PolicyProcess(child, new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure()));
  }

  async configure(config: Readonly<Record<string, Record<string, number>>>): Promise<void> {
    const request = new messages.ConfigureAnalyzerRequest();
    for (const [policy, properties] of Object.entries(config)) {
      const value = new messages.PolicyConfig();
      value.setEnforcementlevel(messages.EnforcementLevel.MANDATORY);
      value.setProperties(Struct.fromJavaScript(properties));
      request.getPolicyconfigMap().set(policy, value);
    }
    await sendRequest((done) => this.client.configure(request, done));
  }

  async analyze(resource: Resource): Promise<Violation[]> {
    // The engine hides what starts with "__" from validations, in a stack too (Pulumi 3.259, analyzer_plugin.go).
    const request = createRequest(hideInternals(resource));
    return readViolations(
      await sendRequest<messages.AnalyzeResponse>((done) => this.client.analyze(request, done)),
    );
  }

  /** Rejects if a policy stops the update. */
  async remediate(resource: Resource): Promise<void> {
    const request = createRequest(resource);
    const response = await sendRequest<messages.RemediateResponse>((done) =>
      this.client.remediate(request, done),
    );
    assert.deepEqual(response.getRemediationsList(), [], "changes nothing");
  }

  async analyzeStack(resources: readonly Resource[]): Promise<Violation[]> {
    const request = new messages.AnalyzeStackRequest();
    request.setResourcesList(
      resources.map(hideInternals).map(({ type, name = "orders", properties }, index) => {
        const resource = new messages.AnalyzerResource();
        resource.setType(type);
        resource.setName(name);
        resource.setUrn(`urn:pulumi:dev::shop::${type}::${index}`);
        resource.setProperties(Struct.fromJavaScript(properties as never));
        resource.setOptions(new messages.AnalyzerResourceOptions());
        return resource;
      }),
    );
    return readViolations(
      await sendRequest<messages.AnalyzeResponse>((done) => this.client.analyzeStack(request, done)),
    );
  }

  stop(): void {
    this.client.close();
    this.child.kill();
  }
}

function createRequest({ type, name = "orders", properties }: Resource): messages.AnalyzeRequest {
  const request = new messages.AnalyzeRequest();
  request.setType(type);
  request.setName(name);
  request.setProperties(Struct.fromJavaScript(properties as never));
  request.setOptions(new messages.AnalyzerResourceOptions());
  return request;
}

function hideInternals(resource: Resource): Resource {
  const shown = Object.entries(resource.properties).filter(([name]) => !name.startsWith("__"));
  return { ...resource, properties: Object.fromEntries(shown) };
}

function sendRequest<Response>(
  call: (done: (error: ServiceError | null, response: Response) => void) => void,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    call((error, response) => (error === null ? resolve(response) : reject(error)));
  });
}

function readViolations(response: messages.AnalyzeResponse): Violation[] {
  return response.getDiagnosticsList().map((diagnostic) => ({
    policy: diagnostic.getPolicyname(),
    message: diagnostic.getMessage().split("\n").at(-1) ?? "",
    isMandatory: diagnostic.getEnforcementlevel() === messages.EnforcementLevel.MANDATORY,
  }));
}
