namespace Engine.Kernels.Device;

/// <summary>From inner products of queries and keys to scores and probabilities, and back to gradients. A query sees the keys whose position
/// is not behind its last key (see <see cref="AttentionOperands"/>). Methods "of queries" have queries in rows, those "of keys" have
/// keys.</summary>
internal static class AttentionScores
{
    /// <summary>Scaled scores; minus infinity where the query does not see the key.</summary>
    public static ThreadTile OfQueries(ThreadTile products, float scale, Int4 keys, Int4 lastKeys) => new(
        OfQuery(products.Row0, scale, keys, lastKeys.X),
        OfQuery(products.Row1, scale, keys, lastKeys.Y),
        OfQuery(products.Row2, scale, keys, lastKeys.Z),
        OfQuery(products.Row3, scale, keys, lastKeys.W));

    /// <summary>Scaled scores of one query; minus infinity where it does not see the key.</summary>
    public static Float4 OfQuery(Float4 products, float scale, Int4 keys, int lastKey) => new(
        keys.X <= lastKey ? products.X * scale : float.NegativeInfinity,
        keys.Y <= lastKey ? products.Y * scale : float.NegativeInfinity,
        keys.Z <= lastKey ? products.Z * scale : float.NegativeInfinity,
        keys.W <= lastKey ? products.W * scale : float.NegativeInfinity);

    /// <summary>2^(scale * product - the query's exponent); zero where the query does not see the key.</summary>
    public static ThreadTile ProbabilitiesOfQueries(ThreadTile products, float scale, Int4 keys, Int4 lastKeys, Float4 exponents) => new(
        Probabilities(products.Row0, scale, keys, Int4.Broadcast(lastKeys.X), Float4.Broadcast(exponents.X)),
        Probabilities(products.Row1, scale, keys, Int4.Broadcast(lastKeys.Y), Float4.Broadcast(exponents.Y)),
        Probabilities(products.Row2, scale, keys, Int4.Broadcast(lastKeys.Z), Float4.Broadcast(exponents.Z)),
        Probabilities(products.Row3, scale, keys, Int4.Broadcast(lastKeys.W), Float4.Broadcast(exponents.W)));

    /// <inheritdoc cref="ProbabilitiesOfQueries"/>
    public static ThreadTile ProbabilitiesOfKeys(ThreadTile products, float scale, Int4 keys, Int4 lastKeys, Float4 exponents) => new(
        Probabilities(products.Row0, scale, Int4.Broadcast(keys.X), lastKeys, exponents),
        Probabilities(products.Row1, scale, Int4.Broadcast(keys.Y), lastKeys, exponents),
        Probabilities(products.Row2, scale, Int4.Broadcast(keys.Z), lastKeys, exponents),
        Probabilities(products.Row3, scale, Int4.Broadcast(keys.W), lastKeys, exponents));

    /// <summary>Gradients of the scores: probability * (its gradient - the query's delta).</summary>
    public static ThreadTile GradientsOfQueries(ThreadTile probabilities, ThreadTile gradients, Float4 delta) => new(
        Gradients(probabilities.Row0, gradients.Row0, Float4.Broadcast(delta.X)),
        Gradients(probabilities.Row1, gradients.Row1, Float4.Broadcast(delta.Y)),
        Gradients(probabilities.Row2, gradients.Row2, Float4.Broadcast(delta.Z)),
        Gradients(probabilities.Row3, gradients.Row3, Float4.Broadcast(delta.W)));

    /// <inheritdoc cref="GradientsOfQueries"/>
    public static ThreadTile GradientsOfKeys(ThreadTile probabilities, ThreadTile gradients, Float4 delta) => new(
        Gradients(probabilities.Row0, gradients.Row0, delta),
        Gradients(probabilities.Row1, gradients.Row1, delta),
        Gradients(probabilities.Row2, gradients.Row2, delta),
        Gradients(probabilities.Row3, gradients.Row3, delta));

    private static Float4 Probabilities(Float4 products, float scale, Int4 keys, Int4 lastKeys, Float4 exponents)
    {
        Float4 exponentials = Float4.Exp2(Float4.Subtract(Float4.Multiply(products, Float4.Broadcast(scale)), exponents));
        return new Float4(
            keys.X <= lastKeys.X ? exponentials.X : 0,
            keys.Y <= lastKeys.Y ? exponentials.Y : 0,
            keys.Z <= lastKeys.Z ? exponentials.Z : 0,
            keys.W <= lastKeys.W ? exponentials.W : 0);
    }

    private static Float4 Gradients(Float4 probabilities, Float4 gradients, Float4 delta) =>
        Float4.Multiply(probabilities, Float4.Subtract(gradients, delta));
}
