import { EngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import type { Seal } from '../../store/studio/seal.js';
import type { SettingsTable } from '../../store/studio/links-table.js';

export interface SmtpSettings {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; else STARTTLS where the server offers it. */
  readonly secure: boolean;
  readonly user: string;
  readonly from: string;
}

interface StoredSmtp extends SmtpSettings {
  /** In Base64. */
  readonly sealed: string | null;
}

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

const SETTING = 'smtp';
const PLACE = 'smtp';
const TIMEOUT_MS = 15_000;

/** Sends links by mail where SMTP is set; the library is loaded with the first mail. */
export class Mailer {
  constructor(
    private readonly settings: SettingsTable,
    private readonly seal: Seal,
    private readonly log: Log,
  ) {}

  get isSet(): boolean {
    return this.settings.get<StoredSmtp>(SETTING) !== undefined;
  }

  view(): (SmtpSettings & { hasPassword: boolean }) | null {
    const stored = this.settings.get<StoredSmtp>(SETTING);
    if (stored === undefined) return null;
    const { sealed, ...rest } = stored;
    return { ...rest, hasPassword: sealed !== null };
  }

  /** Without a password the present one stays; an empty one removes it. */
  put(smtp: SmtpSettings, password: string | undefined): void {
    const before = this.settings.get<StoredSmtp>(SETTING)?.sealed ?? null;
    const sealed =
      password === undefined ? before : password === '' ? null : this.seal.seal(password, PLACE).toString('base64');
    this.settings.put(SETTING, { ...smtp, sealed });
  }

  remove(): void {
    this.settings.remove(SETTING);
  }

  /** Throws E_BAD_REQUEST with the server's own words when it refuses. */
  async send({ to, subject, text }: Mail): Promise<void> {
    const stored = this.settings.get<StoredSmtp>(SETTING);
    if (stored === undefined) throw new EngineError('E_BAD_REQUEST', { where: 'SMTP', found: 'no settings' });
    const { createTransport } = await import('nodemailer');
    const { host, port, secure, user, from, sealed } = stored;
    const transport = createTransport({
      host,
      port,
      secure,
      connectionTimeout: TIMEOUT_MS,
      greetingTimeout: TIMEOUT_MS,
      socketTimeout: TIMEOUT_MS,
      ...(user === ''
        ? {}
        : { auth: { user, pass: sealed === null ? '' : this.seal.open(Buffer.from(sealed, 'base64'), PLACE) } }),
    });
    try {
      await transport.sendMail({ from, to, subject, text });
    } catch (cause) {
      const { message = '' } = cause as { message?: string };
      throw new EngineError('E_BAD_REQUEST', {
        where: `SMTP server ${host}:${port}`,
        expected: 'a server that takes the mail',
        found: message.slice(0, 200),
        todo: 'check host, port, user and password',
        cause,
      });
    } finally {
      transport.close();
    }
  }

  /** True when the mail is on its way; false when there is no SMTP, or it refuses. */
  async trySend(mail: Mail): Promise<boolean> {
    if (!this.isSet) return false;
    try {
      await this.send(mail);
      return true;
    } catch (error) {
      this.log.warn({ error: String(error) }, 'a mail could not be sent; its link is printed instead');
      return false;
    }
  }
}
