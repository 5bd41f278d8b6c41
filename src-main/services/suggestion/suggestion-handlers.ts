import type { Handlers } from '../../../src-shared/contract/contract.ts';
import type { suggestionContract } from '../../../src-shared/contract/suggestion.contract.ts';
import type { SuggestionService } from './suggestion-service.ts';

/** Answers the commands about suggestions. */
export function createSuggestionHandlers(
  suggestions: SuggestionService,
): Pick<Handlers, keyof typeof suggestionContract> {
  return {
    'suggestion.get': ({ projectId }) => suggestions.of(projectId).get(),
    'suggestion.turn': ({ projectId, isOn, backbone }) => suggestions.of(projectId).turn(isOn, backbone),
    'suggestion.list': (input) => suggestions.of(input.projectId).list(input),
    'suggestion.preview': ({ projectId, threshold }) => suggestions.of(projectId).preview(threshold),
    'suggestion.accept': (input) => suggestions.of(input.projectId).accept(input.suggestions),
    'suggestion.acceptAbove': ({ projectId, threshold, version }) =>
      suggestions.of(projectId).acceptAbove(threshold, version),
    'suggestion.refuse': ({ projectId, items, isRefused }) => {
      suggestions.of(projectId).judge('refused', items, isRefused);
      return { done: true };
    },
    'suggestion.ask': ({ projectId, imageId }) => suggestions.of(projectId).ask(imageId),
    'suggestion.queue': ({ projectId }) => suggestions.of(projectId).queue(),
    'suggestion.order': ({ projectId, order }) => suggestions.of(projectId).setOrder(order),
    'suggestion.suspects': ({ projectId }) => suggestions.of(projectId).suspects(),
    'suggestion.confirm': ({ projectId, items, isConfirmed }) => {
      suggestions.of(projectId).judge('confirmed', items, isConfirmed);
      return { done: true };
    },
  };
}
