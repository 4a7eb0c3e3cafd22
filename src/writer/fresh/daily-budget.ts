const DAY_MS = 86_400_000;

/** What a model may cost a day (UTC). */
export class DailyBudget {
  private day = -1;
  private spent = { requests: 0, characters: 0 };

  constructor(
    private readonly limits: { readonly maxRequestsPerDay: number; readonly maxCharactersPerDay: number },
    private readonly unixMs: () => number,
  ) {}

  get today(): { readonly requests: number; readonly characters: number } {
    this.turn();
    return this.spent;
  }

  get isSpent(): boolean {
    const { requests, characters } = this.today;
    return requests >= this.limits.maxRequestsPerDay || characters >= this.limits.maxCharactersPerDay;
  }

  request(characters: number): void {
    this.turn();
    this.spent.requests += 1;
    this.spent.characters += characters;
  }

  received(characters: number): void {
    this.turn();
    this.spent.characters += characters;
  }

  private turn(): void {
    const day = Math.floor(this.unixMs() / DAY_MS);
    if (day === this.day) return;
    this.day = day;
    this.spent = { requests: 0, characters: 0 };
  }
}
