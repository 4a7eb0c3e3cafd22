/** The part of the extension API used here. */
declare namespace chrome {
  namespace runtime {
    interface Port {
      readonly sender?: { readonly origin?: string };
      postMessage(message: unknown): void;
      readonly onMessage: { addListener(listener: (message: never) => void): void };
      readonly onDisconnect: { addListener(listener: () => void): void };
    }
    function connect(info: { name: string }): Port;
    const onInstalled: { addListener(listener: () => void): void };
    interface Sender {
      readonly id?: string;
      readonly origin?: string;
      readonly tab?: { readonly id?: number };
      readonly url?: string;
    }
    const id: string;
    function getURL(path: string): string;
    function sendMessage(message: unknown): Promise<unknown>;
    /** A listener that returns true answers later. */
    const onMessage: {
      addListener(
        listener: (message: never, sender: Sender, reply: (value: unknown) => void) => boolean | undefined | void,
      ): void;
    };
    const onConnect: { addListener(listener: (port: Port) => void): void };
  }
  namespace storage {
    const local: {
      get(key: string): Promise<Record<string, unknown>>;
      set(values: Record<string, unknown>): Promise<void>;
    };
    const onChanged: { addListener(listener: (changes: Record<string, unknown>) => void): void };
  }
  namespace i18n {
    function getMessage(name: string, substitutions?: string | string[]): string;
    function getUILanguage(): string;
  }
  namespace scripting {
    interface Registered {
      readonly id: string;
      readonly js: string[];
      readonly matches: string[];
      readonly runAt: 'document_start' | 'document_idle';
      readonly allFrames: boolean;
      readonly matchOriginAsFallback: boolean;
      readonly world: 'MAIN' | 'ISOLATED';
    }
    interface Target {
      readonly tabId: number;
      readonly allFrames?: boolean;
    }
    function executeScript<A extends unknown[], R>(
      injection:
        | { target: Target; files: string[] }
        | { target: Target; world: 'MAIN'; func: (...args: A) => R; args: A },
    ): Promise<{ readonly result?: unknown }[]>;
    function unregisterContentScripts(): Promise<void>;
    function registerContentScripts(scripts: Registered[]): Promise<void>;
  }
  namespace tabs {
    interface Tab {
      readonly id?: number;
      readonly url?: string;
    }
    function query(filter: { active: boolean; currentWindow: boolean }): Promise<Tab[]>;
    function get(id: number): Promise<Tab>;
    function sendMessage(tab: number, message: unknown): Promise<unknown>;
  }
  namespace permissions {
    function request(wanted: { origins: string[] }): Promise<boolean>;
    const onAdded: { addListener(listener: () => void): void };
    const onRemoved: { addListener(listener: () => void): void };
    function contains(wanted: { origins: string[] }): Promise<boolean>;
  }
}
