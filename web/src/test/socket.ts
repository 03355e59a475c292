import { MessageType, type CloseCode, type Message, type SubscribeMessage } from "graphql-ws";
import { vi } from "vitest";

/** The server's end of every WebSocket that the page opens; `start` puts it in the place of the network. */
export class SocketServer {
  /** In the order in which they were opened. */
  readonly sockets: ScriptedSocket[] = [];
  /** Whether new connections come about. */
  isUp = true;
  /** Whether pings are answered: a connection that died without a word answers none. */
  answersPings = true;

  start(): this {
    const accept = (socket: ScriptedSocket) => this.#accept(socket);
    vi.stubGlobal(
      "WebSocket",
      class extends ScriptedSocket {
        constructor(readonly url: string) {
          super();
          accept(this);
        }
      },
    );
    return this;
  }

  get latest(): ScriptedSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error("The page has opened no WebSocket.");
    return socket;
  }

  #accept(socket: ScriptedSocket): void {
    this.sockets.push(socket);
    socket.onSent = (message) => this.#answer(socket, message);
    queueMicrotask(() => (this.isUp ? socket.open() : socket.drop(1006)));
  }

  #answer(socket: ScriptedSocket, { type }: Message): void {
    if (type === MessageType.ConnectionInit) socket.receive({ type: MessageType.ConnectionAck });
    if (type === MessageType.Ping && this.answersPings) socket.receive({ type: MessageType.Pong });
  }
}

/** A WebSocket without a network, seen from the page by its standard members and from the test by the rest. */
export class ScriptedSocket extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;

  readonly protocol = "graphql-transport-ws";
  readyState: number = ScriptedSocket.CONNECTING;
  onopen: (() => void) | null = null;
  onmessage: ((event: MessageEvent) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  #onclose: ((event: CloseEvent) => void) | null = null;

  readonly sent: Message[] = [];
  onSent: (message: Message) => void = () => undefined;

  get onclose() {
    return this.#onclose;
  }

  /** As with a real one, it is heard after the listeners that were there before. */
  set onclose(handler) {
    this.#onclose = handler;
    this.addEventListener("close", (event) => this.#onclose === handler && handler?.(event as CloseEvent));
  }

  send(data: string): void {
    const message = JSON.parse(data) as Message;
    this.sent.push(message);
    queueMicrotask(() => this.onSent(message));
  }

  close(code = 1000, reason = ""): void {
    if (this.readyState >= ScriptedSocket.CLOSING) return;
    this.readyState = ScriptedSocket.CLOSING;
    queueMicrotask(() => this.drop(code, reason));
  }

  open(): void {
    this.readyState = ScriptedSocket.OPEN;
    this.onopen?.();
  }

  receive(message: Message): void {
    if (this.readyState === ScriptedSocket.OPEN) {
      this.onmessage?.(new MessageEvent("message", { data: JSON.stringify(message) }));
    }
  }

  /** The connection ends, by the server or on the way. */
  drop(code: number | CloseCode, reason = ""): void {
    if (this.readyState === ScriptedSocket.CLOSED) return;
    this.readyState = ScriptedSocket.CLOSED;
    this.dispatchEvent(new CloseEvent("close", { code, reason }));
  }

  /** What is subscribed to over this connection, and not ended by the page. */
  get subscriptions(): SubscribeMessage[] {
    if (this.readyState !== ScriptedSocket.OPEN) return [];
    const ended = new Set(this.sent.filter((each) => each.type === MessageType.Complete).map(({ id }) => id));
    return this.sent.filter((each) => each.type === MessageType.Subscribe).filter(({ id }) => !ended.has(id));
  }
}
