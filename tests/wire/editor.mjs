// Asks yaml-language-server what an editor would ask it. Standard input: {"server": PATH, "documents": [{"uri", "text"}], "questions":
// [{"uri", "method": "completion" | "hover" | "diagnostics", "line", "character"}]}. Standard output: the answers, one for each question.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

const { server, documents, questions } = JSON.parse(readFileSync(0, "utf8"));
const child = spawn(process.execPath, [server, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
const waiting = new Map();
const diagnostics = new Map();
let listeners = [];
let last = 0;

function send(message) {
  const text = JSON.stringify({ jsonrpc: "2.0", ...message });
  child.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
}

function ask(method, params) {
  const id = ++last;
  send({ id, method, params });
  return new Promise((resolve) => waiting.set(id, resolve));
}

// The server asks its client for settings; null leaves all as they are.
function receive(message) {
  if (message.id !== undefined && message.method) {
    const result = message.method === "workspace/configuration" ? message.params.items.map(() => null) : null;
    send({ id: message.id, result });
  } else if (message.id !== undefined) {
    waiting.get(message.id)?.(message.error ? { error: message.error } : message.result);
  } else if (message.method === "textDocument/publishDiagnostics") {
    diagnostics.set(message.params.uri, message.params.diagnostics);
    listeners.forEach((listener) => listener());
  }
}

let rest = Buffer.alloc(0);
child.stdout.on("data", (chunk) => {
  rest = Buffer.concat([rest, chunk]);
  for (;;) {
    const end = rest.indexOf("\r\n\r\n");
    if (end < 0) return;
    const length = Number(/Content-Length: (\d+)/.exec(rest.subarray(0, end).toString())[1]);
    if (rest.length < end + 4 + length) return;
    const body = rest.subarray(end + 4, end + 4 + length).toString();
    rest = rest.subarray(end + 4 + length);
    receive(JSON.parse(body));
  }
});

function diagnosed(uri) {
  return new Promise((resolve) => {
    const look = () => diagnostics.has(uri) && resolve(diagnostics.get(uri));
    listeners.push(look);
    look();
  });
}

const capabilities = { textDocument: { completion: { completionItem: { documentationFormat: ["markdown"] } } }, workspace: { configuration: true } };
await ask("initialize", { processId: process.pid, rootUri: null, capabilities });
send({ method: "initialized", params: {} });
const settings = { yaml: { schemaStore: { enable: false }, completion: true, hover: true, validate: true } };
send({ method: "workspace/didChangeConfiguration", params: { settings } });
for (const { uri, text } of documents) {
  send({ method: "textDocument/didOpen", params: { textDocument: { uri, text, languageId: "yaml", version: 1 } } });
}
const answers = [];
for (const { uri, method, line, character } of questions) {
  const params = { textDocument: { uri }, position: { line, character } };
  answers.push(method === "diagnostics" ? await diagnosed(uri) : await ask(`textDocument/${method}`, params));
}
process.stdout.write(JSON.stringify(answers), () => {
  child.kill();
  process.exit(0);
});
