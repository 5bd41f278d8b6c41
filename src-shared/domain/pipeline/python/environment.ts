import type { Call, Expression } from './expression.ts';
import { isBackboneName } from './names.ts';
import type { Statement } from './statements.ts';
import type { Place } from './tokens.ts';

/** What the names of a program stand for at one of its lines. */
export class Environment {
  /** Resolved, so that a name given anew leaves what was made of it alone. */
  readonly #values = new Map<string, Expression>();

  /** The expression with every name that has a value replaced by it. */
  resolve(expression: Expression): Expression {
    switch (expression.type) {
      case 'name': {
        const name = expression.path.join('.');
        const value = isBackboneName(name) ? expression : (this.#values.get(name) ?? expression);
        return value.type === 'uncertain' ? { ...value, at: expression.at } : value;
      }
      case 'list':
        return { ...expression, items: this.#resolveItems(expression.items) };
      case 'call':
        return this.resolveCall(expression);
      case 'apply':
        return { ...expression, callee: this.resolve(expression.callee), ...this.#resolveArguments(expression) };
      case 'lambda':
        return { ...expression, body: this.#resolveApplied(expression.body, new Set([expression.parameter])) };
      case 'binary':
        return { ...expression, left: this.resolve(expression.left), right: this.resolve(expression.right) };
      default:
        return expression;
    }
  }

  /** The same call with every name in its arguments resolved. */
  resolveCall(call: Call): Call {
    return { ...call, ...this.#resolveArguments(call) };
  }

  #resolveArguments({
    positional,
    keywords,
  }: Pick<Call, 'positional' | 'keywords'>): Pick<Call, 'positional' | 'keywords'> {
    return {
      positional: this.#resolveItems(positional),
      keywords: keywords.map((keyword) => ({ ...keyword, value: this.resolve(keyword.value) })),
    };
  }

  /** In the body of a lambda: a name that stands for a transform is applied where it is called, and bound names are nobody else's. */
  #resolveApplied(expression: Expression, bound: ReadonlySet<string>): Expression {
    const each = (items: readonly Expression[]): readonly Expression[] =>
      items.map((item) => this.#resolveApplied(item, bound));
    switch (expression.type) {
      case 'call': {
        const name = expression.path.join('.');
        const value = bound.has(name) ? undefined : this.#values.get(name);
        const positional = each(expression.positional);
        if (value?.type !== 'call') return { ...expression, positional };
        return { type: 'apply', callee: value, positional, keywords: expression.keywords, at: expression.at };
      }
      case 'apply':
        return { ...expression, callee: this.resolve(expression.callee), positional: each(expression.positional) };
      case 'list':
        return { ...expression, items: each(expression.items) };
      case 'comprehension': {
        const inside = new Set([...bound, expression.variable]);
        const element = this.#resolveApplied(expression.element, inside);
        return { ...expression, element, items: this.#resolveApplied(expression.items, bound) };
      }
      case 'name':
        return bound.has(expression.path.join('.')) ? expression : this.resolve(expression);
      default:
        return this.resolve(expression);
    }
  }

  /** Takes up what a statement assigns, appends or adds. */
  run(statement: Statement): void {
    const { target, isAdded, value, at } = statement;
    if (isAdded) this.#add(target, value, statement);
    else if (target !== '') for (const names of target.split('=')) this.#assign(names.split(','), statement);
    else if (value.type === 'call') {
      const owner = value.path.slice(0, -1).join('.');
      const [item] = value.positional;
      if (!this.#values.has(owner)) return;
      if (item && value.path.at(-1) === 'append') this.#add(owner, { type: 'list', items: [item], at }, statement);
      else if (item && value.path.at(-1) === 'extend') this.#add(owner, item, statement);
      else if (value.path.length > 1) this.#setUncertain(owner, at);
    }
  }

  #assign(names: readonly string[], { value, isConditional, at }: Statement): void {
    const resolved = this.resolve(value);
    for (const [index, name] of names.entries()) {
      const given = names.length === 1 ? resolved : resolved.type === 'list' ? resolved.items[index] : undefined;
      if (isConditional) this.#setUncertain(name, at);
      else if (given) this.#values.set(name, given);
      else this.#values.delete(name);
    }
  }

  #add(name: string, value: Expression, { isConditional, at }: Statement): void {
    const [before, added] = [this.#values.get(name), this.resolve(value)];
    if (before?.type !== 'list' || added.type !== 'list' || isConditional) this.#setUncertain(name, at);
    else this.#values.set(name, { ...before, items: [...before.items, ...added.items] });
  }

  #setUncertain(name: string, at: Place): void {
    this.#values.set(name, { type: 'uncertain', name, line: at.line, at });
  }

  #resolveItems(items: readonly Expression[]): readonly Expression[] {
    return items.flatMap((item) => {
      if (item.type !== 'spread') return [this.resolve(item)];
      const value = this.resolve(item.value);
      return value.type === 'list' ? value.items : [{ ...item, value }];
    });
  }
}
