namespace Engine.Fusion;

/// <summary>What EPO decided in one step, for logs.</summary>
/// <param name="Mode">Balance, dominance, or the preference as fallback.</param>
/// <param name="NonUniformity">μ = KL(q || uniform) of q_t proportional to r_t l_t, 0 to ln T; 0 if it has no meaning.</param>
/// <param name="Objective">The optimum of the linear program, in the units of the Gram matrix; 0 after a fallback.</param>
/// <param name="Fallback">Why the weights are the preference, if they are.</param>
public readonly record struct EpoResult(EpoMode Mode, double NonUniformity, double Objective, EpoFallback Fallback);
